package dev.provision.provisioner.views;

import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;

import dev.provision.schema.diagnostics.Diagnostic;
import dev.provision.schema.diagnostics.Severity;
import dev.provision.schema.diagnostics.Span;

/** Diagnostics as a compiler shows them: place, line, caret, reason, remedy. */
public final class DiagnosticText {

    private static final int MOST = 50;

    private final PrintWriter out;
    private final Palette palette;

    public DiagnosticText(PrintWriter out, Palette palette) {
        this.out = out;
        this.palette = palette;
    }

    /** Prints all of them, at most 50 in full, and how many there were. */
    public void print(List<Diagnostic> problems) {
        problems.stream().limit(MOST).forEach(this::print);
        if (problems.size() > MOST) {
            out.println(palette.text("… and " + (problems.size() - MOST) + " more"));
        }
        long errors = problems.stream().filter(Diagnostic::isError).count();
        if (errors > 0) {
            out.println(palette.red(errors == 1 ? "1 error" : errors + " errors") + "; nothing was touched");
        }
        out.flush();
    }

    private void print(Diagnostic problem) {
        String word = problem.severity().name().toLowerCase(Locale.ROOT);
        String head = word + "[" + problem.code().id() + "]";
        out.println((problem.severity() == Severity.ERROR ? palette.red(palette.bold(head)) : palette.yellow(head))
                + ": " + palette.bold(palette.text(problem.what())));
        problem.span().ifPresent(span -> frame(span, ""));
        problem.related().forEach(related -> frame(related.span(), related.role()));
        remark("why", problem.why());
        remark("fix", problem.fix());
        out.println();
    }

    private void frame(Span span, String role) {
        String number = Integer.toString(span.line());
        String margin = " ".repeat(number.length());
        out.println(margin + palette.blue("--> ") + palette.text(span + (role.isEmpty() ? "" : ": " + role)));
        String line = Printable.source(span.source().line(span.line()));
        if (line.isBlank()) {
            return;
        }
        int from = Math.min(span.column() - 1, line.length());
        String indent = line.substring(0, from).replaceAll("[^\t]", " ");
        int length = Math.max(1, Math.min(span.length(), line.length() - from));
        out.println(palette.blue(number + " | ") + line);
        out.println(palette.blue(margin + " | ") + indent + palette.red("^".repeat(length)));
    }

    private void remark(String word, String text) {
        if (!text.isEmpty()) {
            out.println("  = " + palette.bold(word + ":") + " " + palette.text(text));
        }
    }
}
