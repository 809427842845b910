package dev.provision.provisioner.views;

import java.io.PrintWriter;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import dev.provision.schema.diagnostics.Diagnostic;
import dev.provision.schema.diagnostics.Severity;
import dev.provision.schema.diagnostics.Span;

/** Diagnostics as a compiler shows them: place, line, caret, reason, remedy. */
public final class DiagnosticText {

    /** How many problems are shown unless somebody asks for more: nobody reads them all, and mistakes come in swarms. */
    public static final int MOST = 50;

    private static final int MOST_EXPLAINED = 5;
    /** A pool that is too small concerns every machine of the fleet. */
    private static final int MOST_RELATED = 8;

    private final PrintWriter out;
    private final Palette palette;
    private final int most;

    /**
     * @param most
     *            how many problems to show at most
     */
    public DiagnosticText(PrintWriter out, Palette palette, int most) {
        this.out = out;
        this.palette = palette;
        this.most = most;
    }

    /** As {@link #print(List, String)}, when errors keep everything as it is. */
    public void print(List<Diagnostic> problems) {
        print(problems, "nothing was touched");
    }

    /**
     * Prints them in their order, how many there are, and where they are explained.
     *
     * @param consequence
     *            of errors, as a clause
     */
    public void print(List<Diagnostic> problems, String consequence) {
        List<Diagnostic> shown = worst(problems);
        shown.forEach(this::print);
        if (shown.size() < problems.size()) {
            out.println(palette
                    .text("… and " + (problems.size() - shown.size()) + " more; --max-problems all shows all"));
        }
        long errors = problems.stream().filter(Diagnostic::isError).count();
        if (errors > 0) {
            out.println(palette.red(errors == 1 ? "1 error" : errors + " errors") + "; " + consequence);
        }
        if (!problems.isEmpty()) {
            out.println("more: provision explain " + codes(shown));
        }
        out.flush();
    }

    /** No warning takes the place of an error. */
    private List<Diagnostic> worst(List<Diagnostic> problems) {
        return problems.size() <= most ? problems
                : IntStream.range(0, problems.size())
                        .boxed()
                        .sorted(Comparator.comparing(i -> problems.get(i).severity()))
                        .limit(most)
                        .sorted()
                        .map(problems::get)
                        .toList();
    }

    private static String codes(List<Diagnostic> problems) {
        return problems.stream()
                .map(problem -> problem.code().id())
                .distinct()
                .limit(MOST_EXPLAINED)
                .collect(Collectors.joining(" "));
    }

    private void print(Diagnostic problem) {
        String word = problem.severity().name().toLowerCase(Locale.ROOT);
        String head = coloured(problem.severity(), word + "[" + problem.code().id() + "]");
        out.println(head + ": " + palette.bold(palette.text(problem.what())));
        problem.span().ifPresent(span -> frame(span, ""));
        problem.related().stream().limit(MOST_RELATED).forEach(related -> frame(related.span(), related.role()));
        int more = problem.related().size() - MOST_RELATED;
        if (more > 0) {
            out.println("  = " + palette.text("… and " + more + " more " + (more == 1 ? "place" : "places")
                    + "; -o json has all"));
        }
        remark("why", problem.why());
        remark("fix", problem.fix());
        out.println();
    }

    private String coloured(Severity severity, String text) {
        return switch (severity) {
            case ERROR -> palette.red(palette.bold(text));
            case WARNING -> palette.yellow(text);
            case NOTE -> palette.blue(text);
        };
    }

    private void frame(Span span, String role) {
        String number = Integer.toString(span.line());
        String margin = " ".repeat(number.length());
        out.println(margin + palette.blue("--> ") + palette.text(span + (role.isEmpty() ? "" : ": " + role)));
        CodeFrame frame = CodeFrame.of(span, palette);
        if (!frame.code().isBlank()) {
            out.println(palette.blue(number + " | ") + frame.code());
            out.println(palette.blue(margin + " | ") + frame.indent() + palette.red("^".repeat(frame.width())));
        }
    }

    private void remark(String word, String text) {
        if (!text.isEmpty()) {
            out.println("  = " + palette.bold(word + ":") + " " + palette.text(text));
        }
    }
}
