package dev.provision.provisioner.cli;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import dev.provision.provisioner.views.FormattedFile;
import dev.provision.provisioner.views.Json;
import dev.provision.provisioner.views.UnifiedDiff;
import dev.provision.schema.assembly.ManifestFolder;
import dev.provision.schema.diagnostics.Problems;
import dev.provision.schema.diagnostics.SourceText;
import dev.provision.schema.document.TextFiles;
import dev.provision.schema.format.Formatter;

/** {@code provision fmt}: manifests in their canonical form. */
@Command(name = "fmt", mixinStandardHelpOptions = true, description = "Brings manifests into their canonical form: keys under their own names and in their order, quantities in canonical units, two blanks a level. Comments stay, and so does all that a manifest says.", footerHeading = "%nExamples:%n", footer = {
    "  provision fmt", "  provision fmt --check fleet/ staging.yaml   for CI", "  provision fmt --diff machines.yaml",
    "  provision fmt - < machines.yaml             for editors"})
final class FmtCommand implements Callable<Integer> {

    private static final Path STANDARD_INPUT = Path.of("-");

    @Parameters(index = "0", arity = "0..*", paramLabel = "FILE", description = "manifests, each formatted on its own; a folder stands for the .yaml files in it, - for standard input, which is formatted to standard output (default: machines.yaml)")
    private List<Path> positional = List.of();

    @Option(names = {"-f", "--file"}, paramLabel = "FILE", description = "the same as FILE; may be repeated")
    private List<Path> options = List.of();

    @Option(names = "--check", description = "write nothing; list the files that are not in canonical form, and end with exit code 6 when there are any")
    private boolean check;

    @Option(names = "--diff", description = "write nothing; print what would change as a unified diff")
    private boolean diff;

    @Mixin
    private ProblemOutput output = new ProblemOutput();

    @Override
    public Integer call() throws IOException {
        Problems problems = new Problems();
        List<FormattedFile> files = new ArrayList<>();
        for (SourceText source : sources(problems)) {
            Formatter.format(source, problems)
                    .ifPresent(text -> files.add(new FormattedFile(source.name(), source.text(), text)));
        }
        List<FormattedFile> changed = files.stream().filter(FormattedFile::isChanged).toList();
        if (!check && !diff && !isStandardInput()) {
            changed.forEach(FmtCommand::write);
        }
        show(files, problems);
        return problems.hasErrors() ? ExitCode.INVALID.number()
                : check && !changed.isEmpty() ? ExitCode.UNFORMATTED.number() : ExitCode.OK.number();
    }

    private List<Path> named() {
        if (positional.isEmpty() && options.isEmpty()) {
            return List.of(ManifestArgument.DEFAULT);
        }
        return Stream.concat(positional.stream(), options.stream()).toList();
    }

    private boolean isStandardInput() {
        return named().contains(STANDARD_INPUT);
    }

    private List<SourceText> sources(Problems problems) throws IOException {
        if (isStandardInput()) {
            if (named().size() > 1) {
                throw new CommandFailedException(ExitCode.USAGE,
                        "standard input and files cannot be formatted together",
                        "name `-` alone, or files only");
            }
            return TextFiles.read(System.in, "<stdin>", problems).stream().toList();
        }
        return named().stream()
                .flatMap(path -> (Files.isDirectory(path) ? ManifestFolder.files(path, problems) : List.of(path))
                        .stream())
                .distinct()
                .flatMap(file -> TextFiles.read(file, problems).stream())
                .toList();
    }

    private static void write(FormattedFile file) {
        try {
            Replacement.write(Path.of(file.name()), file.formatted());
        } catch (IOException e) {
            String reason = e instanceof AccessDeniedException ? "you may not" : String.valueOf(e.getMessage());
            throw new CommandFailedException(ExitCode.HOST, file.name() + " cannot be written: " + reason,
                    "check its permissions, those of its folder, and free space; the file is as it was");
        }
    }

    private void show(List<FormattedFile> files, Problems problems) {
        if (output.isJson()) {
            output.out().println(Json.pretty(Json.formatted(files, diff, isStandardInput(), problems.sorted())));
            return;
        }
        output.problems(problems.sorted(), "what has errors stays as it is");
        if (isStandardInput() && !check && !diff) {
            files.forEach(file -> output.exact(file.formatted()));
            return;
        }
        for (FormattedFile file : files) {
            if (file.isChanged() && diff) {
                output.exact(UnifiedDiff.of(file));
            } else if (file.isChanged()) {
                output.out().println(output.palette().text(file.name()));
            }
        }
        output.out().flush();
    }
}
