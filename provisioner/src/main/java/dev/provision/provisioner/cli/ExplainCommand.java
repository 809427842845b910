package dev.provision.provisioner.cli;

import java.io.PrintWriter;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import dev.provision.provisioner.documentation.DiagnosticPage;
import dev.provision.schema.diagnostics.Code;
import dev.provision.schema.diagnostics.Suggestion;

/** {@code provision explain CODE…}: what does that error mean? */
@Command(name = "explain", mixinStandardHelpOptions = true, description = "Explains kinds of problems, by the code that a problem is shown with.", footerHeading = "%nExamples:%n", footer = {
    "  provision explain PRV-0101", "  provision explain"})
final class ExplainCommand implements Callable<Integer> {

    @Parameters(index = "0", arity = "0..*", paramLabel = "CODE", description = "such as PRV-0101; without any, all codes are listed")
    private List<String> codes = List.of();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        if (codes.isEmpty()) {
            Arrays.stream(Code.values()).forEach(code -> out.println(code.id() + "  " + code.title()));
            return ExitCode.OK.number();
        }
        List<Code> known = codes.stream().flatMap(text -> code(text).stream()).distinct().toList();
        for (Code code : known) {
            out.println((code == known.getFirst() ? "" : "\n") + DiagnosticPage.of(code).text().stripTrailing());
        }
        out.flush();
        List<String> unknown = codes.stream().filter(text -> code(text).isEmpty()).distinct().toList();
        if (!unknown.isEmpty()) {
            throw unknown(unknown);
        }
        return ExitCode.OK.number();
    }

    /** Its number alone will do: {@code 0101} or {@code 101}. */
    private static Optional<Code> code(String text) {
        String id = text.matches("[0-9]{1,4}") ? "PRV-" + "0".repeat(4 - text.length()) + text : text;
        return Arrays.stream(Code.values()).filter(code -> code.id().equalsIgnoreCase(id)).findFirst();
    }

    private static CommandFailedException unknown(List<String> texts) {
        List<String> ids = Arrays.stream(Code.values()).map(Code::id).toList();
        String all = texts.stream().map(text -> "`" + text + "`").collect(Collectors.joining(" and no "));
        return new CommandFailedException(ExitCode.USAGE, "there is no code " + all,
                Suggestion.text(texts.getFirst(), ids, "list the codes: provision explain"));
    }
}
