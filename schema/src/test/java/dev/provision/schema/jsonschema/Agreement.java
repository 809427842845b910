package dev.provision.schema.jsonschema;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.provision.schema.ManifestReader;
import dev.provision.schema.diagnostics.Diagnostic;
import dev.provision.schema.diagnostics.Problems;
import dev.provision.schema.diagnostics.SourceText;
import dev.provision.schema.diagnostics.Span;
import dev.provision.schema.document.Node;
import dev.provision.schema.document.YamlReader;

/**
 * Whether the JSON Schema and the reader say the same of a manifest, place by place: what the schema objects to the reader
 * objects to, and the other way round but for what is {@link BeyondTheSchema}.
 */
final class Agreement {

    private final EditorView editor = new EditorView();
    private final BeyondTheSchema beyond = new BeyondTheSchema();

    BeyondTheSchema beyond() {
        return beyond;
    }

    /** What the two disagree about, one sentence each. */
    List<String> disagreements(SourceText source) {
        Problems problems = new Problems();
        ManifestReader.read(source, problems);
        List<Diagnostic> errors = problems.sorted().stream().filter(Diagnostic::isError).toList();
        Optional<Node> root = YamlReader.read(source, new Problems());
        if (root.isEmpty()) {
            return errors.isEmpty() ? List.of(source + ": is no YAML, but the reader took it") : List.of();
        }
        Pointers pointers = new Pointers(root.get());
        Set<String> violations = editor.violations(root.get());
        Set<String> aboveViolations = Pointers.withAllAbove(violations);
        List<String> found = new ArrayList<>();
        for (Diagnostic error : errors) {
            if (missedBySchema(error, aboveViolations, pointers)) {
                found.add("only the reader objects: " + error.code().id() + " " + error.what() + " ← "
                        + error.span().map(Agreement::line).orElse(""));
            }
        }
        Set<String> places = errors.stream().flatMap(error -> places(error, pointers)).collect(Collectors.toSet());
        Set<String> abovePlaces = Pointers.withAllAbove(places);
        for (String violation : violations) {
            if (!abovePlaces.contains(violation) && Pointers.upwards(violation).noneMatch(places::contains)) {
                found.add("only the schema objects: " + violation + " ← "
                        + pointers.node(violation).map(node -> line(node.span())).orElse(""));
            }
        }
        return found;
    }

    private static String line(Span span) {
        return span + ": " + span.source().line(span.line()).strip();
    }

    private boolean missedBySchema(Diagnostic error, Set<String> aboveViolations, Pointers pointers) {
        return places(error, pointers).noneMatch(aboveViolations::contains)
                && places(error, pointers).noneMatch(place -> beyond.covers(error, place, pointers))
                && !(error.span().isEmpty() && beyond.covers(error, "", pointers));
    }

    /** Where the problem is, and for one between two places the other one too, or the list that it is an item of. */
    private static Stream<String> places(Diagnostic error, Pointers pointers) {
        return Stream.concat(error.span().stream().flatMap(span -> pointers.at(span).stream()),
                error.related()
                        .stream()
                        .flatMap(related -> pointers.at(related.span()).stream())
                        .map(pointer -> pointer.replaceFirst("/[0-9]+$", "")));
    }
}
