package dev.provision.provisioner.views;

import java.util.List;
import java.util.Locale;
import java.util.Map;

import dev.provision.schema.diagnostics.Diagnostic;
import dev.provision.schema.diagnostics.Diagnostic.Related;
import dev.provision.schema.diagnostics.Span;

/**
 * Diagnostics for programs. Lines and columns count from 1, columns in UTF-16 units; {@code endColumn} is the one behind
 * the last. {@code documentation} is relative to the project and to an installation.
 */
public final class DiagnosticJson {

    private DiagnosticJson() {}

    public static List<Map<String, Object>> of(List<Diagnostic> problems) {
        return problems.stream().map(DiagnosticJson::of).toList();
    }

    private static Map<String, Object> of(Diagnostic problem) {
        Map<String, Object> document = Json.object("code", problem.code().id(), "severity",
                problem.severity().name().toLowerCase(Locale.ROOT));
        problem.span().ifPresent(span -> document.putAll(place(span)));
        document.putAll(Json.object("what", problem.what(),
                "why", problem.why().isEmpty() ? null : problem.why(),
                "fix", problem.fix().isEmpty() ? null : problem.fix(),
                "related", problem.related().isEmpty() ? null
                        : problem.related().stream().map(DiagnosticJson::of).toList(),
                "documentation", problem.code().page()));
        return document;
    }

    private static Map<String, Object> of(Related related) {
        Map<String, Object> document = place(related.span());
        document.put("role", related.role());
        return document;
    }

    private static Map<String, Object> place(Span span) {
        return Json.object("file", span.source().name(), "line", span.line(), "column", span.column(), "endColumn",
                span.column() + span.length());
    }
}
