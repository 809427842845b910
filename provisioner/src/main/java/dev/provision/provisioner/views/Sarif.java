package dev.provision.provisioner.views;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

import dev.provision.provisioner.documentation.DiagnosticPage;
import dev.provision.schema.diagnostics.Code;
import dev.provision.schema.diagnostics.Diagnostic;
import dev.provision.schema.diagnostics.Diagnostic.Related;
import dev.provision.schema.diagnostics.Span;

/**
 * Diagnostics as a SARIF 2.1.0 log (OASIS, errata 01) with one run. The same problems give the same log on every machine.
 * Names of files are the only thing from outside that is looked at. Rules carry their whole explanation and no
 * {@code helpUri}, which is optional: the pages have no address that holds on another machine.
 *
 * <p>
 * Braces in messages are written as they are, not doubled as section 3.11.5 has it: no message has arguments, and the
 * viewers that code hosts use show what they get.
 */
public final class Sarif {

    private static final String SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";
    private static final String FINGERPRINT = "problemText/v1";

    private final Optional<String> version;
    private final Path manifest;
    private final ArtifactUri uris;

    /**
     * @param version
     *            of the program
     * @param manifest
     *            the file that problems without a place are reported in: viewers drop what is nowhere
     * @param folder
     *            that file names are relative to
     */
    public Sarif(Optional<String> version, Path manifest, Path folder) {
        this.version = version;
        this.manifest = manifest;
        this.uris = new ArtifactUri(folder);
    }

    /** The log, with those rules that the problems break. */
    public Map<String, Object> log(List<Diagnostic> problems) {
        List<Code> rules = problems.stream().map(Diagnostic::code).distinct().sorted().toList();
        Fingerprints fingerprints = new Fingerprints();
        List<Map<String, Object>> results = new ArrayList<>();
        for (Diagnostic problem : problems) {
            results.add(result(problem, rules.indexOf(problem.code()), fingerprints.next(problem)));
        }
        return Json.object("$schema", SCHEMA, "version", "2.1.0", "runs", List.of(Json.object(
                "tool", Json.object("driver", driver(rules)),
                "originalUriBaseIds",
                Json.object(ArtifactUri.BASE, Json.object("description", text("the folder that provision ran in"))),
                "columnKind", "utf16CodeUnits",
                "results", results)));
    }

    private Map<String, Object> driver(List<Code> rules) {
        return Json.object("name", "provision", "version", version.orElse(null), "rules",
                rules.stream().map(this::rule).toList());
    }

    private Map<String, Object> rule(Code code) {
        DiagnosticPage page = DiagnosticPage.of(code);
        return Json.object("id", code.id(), "name", name(code), "shortDescription", text(code.title()),
                "fullDescription", text(page.summary()),
                "help", Json.object("text", page.body() + "\nThe same by: provision explain " + code.id(),
                        "markdown", page.text()));
    }

    /** {@code UnknownKey}. */
    private static String name(Code code) {
        return Arrays.stream(code.name().split("_"))
                .map(word -> word.charAt(0) + word.substring(1).toLowerCase(Locale.ROOT))
                .collect(Collectors.joining());
    }

    private Map<String, Object> result(Diagnostic problem, int ruleIndex, String fingerprint) {
        return Json.object("ruleId", problem.code().id(), "ruleIndex", ruleIndex, "level", level(problem),
                "message", text(message(problem)),
                "locations", List.of(Json.object("physicalLocation", problem.span()
                        .map(this::place)
                        .orElseGet(() -> Json.object("artifactLocation", uris.location(manifest), "region",
                                Json.object("startLine", 1))))),
                "relatedLocations", problem.related().isEmpty() ? null : related(problem.related()),
                "partialFingerprints", Json.object(FINGERPRINT, fingerprint));
    }

    private static String level(Diagnostic problem) {
        return switch (problem.severity()) {
            case ERROR -> "error";
            case WARNING -> "warning";
            case NOTE -> "note";
        };
    }

    private static String message(Diagnostic problem) {
        return problem.what() + (problem.why().isEmpty() ? "" : "\nwhy: " + problem.why())
                + (problem.fix().isEmpty() ? "" : "\nfix: " + problem.fix());
    }

    private List<Map<String, Object>> related(List<Related> places) {
        List<Map<String, Object>> locations = new ArrayList<>();
        for (Related related : places) {
            locations.add(Json.object("id", locations.size() + 1, "physicalLocation", place(related.span()), "message",
                    text(related.role())));
        }
        return locations;
    }

    private Map<String, Object> place(Span span) {
        return Json.object("artifactLocation", uris.location(Path.of(span.source().name())), "region",
                Json.object("startLine", span.line(), "startColumn", span.column(), "endColumn",
                        span.column() + span.length()));
    }

    private static Map<String, Object> text(String text) {
        return Json.object("text", text);
    }
}
