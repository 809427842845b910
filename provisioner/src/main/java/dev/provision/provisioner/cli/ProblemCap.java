package dev.provision.provisioner.cli;

import java.io.PrintWriter;
import java.util.List;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

import dev.provision.provisioner.views.DiagnosticText;
import dev.provision.schema.diagnostics.Diagnostic;

/** How many problems are shown to a person. Programs are always told all of them. */
final class ProblemCap {

    @Option(names = "--max-problems", paramLabel = "N", defaultValue = ""
            + DiagnosticText.MOST, converter = Most.class, description = "show at most this many problems, or all (default: ${DEFAULT-VALUE}); other formats than text always have all")
    private int most = DiagnosticText.MOST;

    /** Shows problems on standard error; nothing when there are none. */
    void show(List<Diagnostic> problems, PrintWriter err) {
        show(problems, "nothing was touched", err);
    }

    /** As {@link #show(List, PrintWriter)}, with what comes of errors. */
    void show(List<Diagnostic> problems, String consequence, PrintWriter err) {
        if (!problems.isEmpty()) {
            new DiagnosticText(err, Output.errorPalette(), most).print(problems, consequence);
        }
    }

    /** A number from 1, or {@code all}. */
    static final class Most implements ITypeConverter<Integer> {

        @Override
        public Integer convert(String text) {
            if (text.equals("all")) {
                return Integer.MAX_VALUE;
            }
            if (!text.matches("[1-9][0-9]{0,8}")) {
                throw new TypeConversionException("'" + text + "' is neither a number from 1 nor all");
            }
            return Integer.valueOf(text);
        }
    }
}
