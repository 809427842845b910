package dev.provision.provisioner.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BiFunction;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import dev.provision.provisioner.imports.ImportRequest;
import dev.provision.provisioner.imports.Imported;
import dev.provision.provisioner.imports.source.LabelNames;
import dev.provision.provisioner.views.Printable;
import dev.provision.schema.diagnostics.Problems;
import dev.provision.schema.diagnostics.SourceText;
import dev.provision.schema.document.TextFiles;

/** What to import and where to write it; the same for every kind of file. */
final class ImportOptions {

    @Parameters(index = "0", paramLabel = "FILE", description = "the file to import")
    private Path file = Path.of("");

    @Option(names = {"-o",
        "--output"}, paramLabel = "OUT", description = "where to write the manifest; standard output unless told otherwise")
    private @Nullable Path output;

    @Option(names = "--force", description = "overwrite OUT when it exists")
    private boolean force;

    @Option(names = "--fleet", paramLabel = "NAME", description = "name of the fleet; else the file's own, or that of its folder")
    private @Nullable String fleet;

    @Option(names = "--strict", description = "write nothing and end with 4 when something cannot be carried over")
    private boolean strict;

    @Mixin
    private ProblemCap cap = new ProblemCap();

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec = CommandSpec.create();

    /** Converts the file, when it has at most so many bytes; remarks go to standard error. */
    int run(int mostBytes, BiFunction<ImportRequest, Problems, Optional<Imported>> conversion) {
        checkFleet();
        if (output != null && !force && Files.exists(output, LinkOption.NOFOLLOW_LINKS)) {
            throw exists(output);
        }
        Problems problems = new Problems();
        Optional<Imported> imported = TextFiles
                .read(file, mostBytes, new TextFiles.Advice("name the file to import", "import it in parts"), problems)
                .flatMap(source -> conversion.apply(request(source), problems));
        PrintWriter err = spec.commandLine().getErr();
        cap.show(problems.sorted(), err);
        if (imported.isEmpty()) {
            return ExitCode.INVALID.number();
        }
        summarize(imported.get(), err);
        if (strict && imported.get().losses() > 0) {
            throw new CommandFailedException(ExitCode.REFUSED,
                    "not everything can be carried over; nothing was written",
                    "see the warnings above; without --strict the manifest is written, with them as comments");
        }
        write(imported.get().manifest());
        return ExitCode.OK.number();
    }

    private void checkFleet() {
        if (fleet != null && !LabelNames.label(fleet, "").equals(fleet)) {
            throw new CommandFailedException(ExitCode.USAGE, "`" + fleet + "` cannot be the name of a fleet",
                    "use lower-case letters, digits and dashes, such as " + LabelNames.label(fleet, "shop"));
        }
    }

    private ImportRequest request(SourceText source) {
        Path absolute = file.toAbsolutePath().normalize();
        Path folder = Objects.requireNonNull(absolute.getParent(), "a file lies in a folder");
        Path target = output == null ? Path.of("").toAbsolutePath()
                : Objects.requireNonNull(output.toAbsolutePath().normalize().getParent(), "a file lies in a folder");
        return new ImportRequest(source, name(absolute), name(folder), target.normalize().relativize(folder).toString(),
                Optional.ofNullable(fleet));
    }

    private static String name(Path path) {
        return path.getFileName() == null ? "" : path.getFileName().toString();
    }

    private void summarize(Imported imported, PrintWriter err) {
        long losses = imported.losses();
        long notes = imported.remarks().size() - losses;
        err.println(Printable.line(file + ": " + count(imported.machines(), "machine") + "; "
                + (losses == 0 ? "everything is carried over"
                        : count(losses, "thing") + " not carried over as "
                                + (losses == 1 ? "it is" : "they are"))
                + (notes == 0 ? "" : "; " + count(notes, "note"))));
        err.flush();
    }

    private static String count(long number, String noun) {
        return number + " " + noun + (number == 1 ? "" : "s");
    }

    private void write(String manifest) {
        if (output == null) {
            spec.commandLine().getOut().print(manifest);
            spec.commandLine().getOut().flush();
            return;
        }
        OpenOption[] options = force
                ? new OpenOption[]{StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING,
                    StandardOpenOption.WRITE}
                : new OpenOption[]{StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE};
        try {
            Files.writeString(output, manifest, options);
        } catch (FileAlreadyExistsException e) {
            throw exists(output);
        } catch (IOException e) {
            throw new CommandFailedException(ExitCode.HOST, output + " cannot be written: " + reason(e, output),
                    "name another file with -o");
        }
    }

    private static String reason(IOException e, Path output) {
        return switch (e) {
            case NoSuchFileException _ -> "there is no folder " + output.toAbsolutePath().getParent();
            case AccessDeniedException _ -> "you may not";
            case FileSystemException _ when Files.isDirectory(output) -> "it is a folder";
            case FileSystemException other when other.getReason() != null -> other.getReason();
            default -> String.valueOf(e.getMessage());
        };
    }

    private static CommandFailedException exists(Path output) {
        return new CommandFailedException(ExitCode.USAGE, output + " exists already",
                "name another file with -o, or overwrite it with --force");
    }
}
