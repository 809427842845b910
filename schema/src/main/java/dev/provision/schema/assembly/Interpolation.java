package dev.provision.schema.assembly;

import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

import dev.provision.schema.diagnostics.Code;
import dev.provision.schema.diagnostics.Diagnostic;
import dev.provision.schema.diagnostics.Problems;
import dev.provision.schema.diagnostics.Span;
import dev.provision.schema.diagnostics.Suggestion;
import dev.provision.schema.document.Node;
import dev.provision.schema.document.Node.Entry;
import dev.provision.schema.document.Node.Mapping;
import dev.provision.schema.document.Node.Scalar;
import dev.provision.schema.document.Node.Sequence;

/**
 * Replaces {@code ${NAME}}, {@code ${NAME:-otherwise}} and {@code ${NAME:?why}} in values, and {@code $$} by a dollar. A
 * dollar before anything else stays, so that shell commands can be written as they are.
 */
final class Interpolation {

    private static final Pattern REFERENCE = Pattern
            .compile("\\$\\$|\\$\\{(?:([A-Za-z_][A-Za-z0-9_]*)(?:(:-|:\\?)([^}]*))?\\})?");

    private final Variables variables;
    private final Problems problems;
    private final IdentityHashMap<Node, Node> done = new IdentityHashMap<>();

    Interpolation(Variables variables, Problems problems) {
        this.variables = variables;
        this.problems = problems;
    }

    /** The document with its references replaced; declarations and keys are taken as they are. */
    Mapping apply(Mapping root) {
        LinkedHashMap<String, Entry> entries = new LinkedHashMap<>();
        root.entries().forEach((key, entry) -> entries.put(key, key.equals("variables") ? entry : replaced(entry)));
        return new Mapping(entries, root.span());
    }

    private Entry replaced(Entry entry) {
        return new Entry(entry.key(), replaced(entry.value()));
    }

    /** Each node is looked at once: anchors keep sharing their subtrees, and bombs made of them stay small. */
    private Node replaced(Node node) {
        Node known = done.get(node);
        if (known != null) {
            return known;
        }
        Node value = switch (node) {
            case Scalar scalar -> scalar.text().indexOf('$') < 0 ? scalar : replaced(scalar);
            case Sequence sequence ->
                new Sequence(sequence.items().stream().map(this::replaced).toList(), sequence.span());
            case Mapping mapping -> mapping(mapping);
        };
        done.put(node, value);
        return value;
    }

    private Mapping mapping(Mapping mapping) {
        LinkedHashMap<String, Entry> entries = new LinkedHashMap<>();
        mapping.entries().forEach((key, entry) -> entries.put(key, replaced(entry)));
        return new Mapping(entries, mapping.span());
    }

    private Scalar replaced(Scalar scalar) {
        Matcher matcher = REFERENCE.matcher(scalar.text());
        StringBuilder text = new StringBuilder();
        while (matcher.find()) {
            matcher.appendReplacement(text, Matcher.quoteReplacement(replacement(matcher, scalar)));
        }
        matcher.appendTail(text);
        return new Scalar(text.toString(), scalar.plain(), scalar.span());
    }

    private String replacement(Matcher matcher, Scalar scalar) {
        String name = matcher.group(1);
        if (name == null) {
            return matcher.group().equals("$$") ? "$" : malformed(place(matcher, scalar));
        }
        Optional<String> value = variables.value(name);
        return switch (matcher.group(2)) {
            case ":-" -> value.filter(text -> !text.isEmpty()).orElseGet(() -> otherwise(matcher, scalar));
            case ":?" -> value.filter(text -> !text.isEmpty())
                    .orElseGet(() -> unset(name, matcher.group(3), place(matcher, scalar)));
            case null -> value.orElseGet(() -> unset(name, null, place(matcher, scalar)));
            case String other -> throw new IllegalStateException(other);
        };
    }

    /** The reference alone where it stands in the scalar's line as it is read, without escapes; else the scalar. */
    private static Span place(Matcher reference, Scalar scalar) {
        Span all = scalar.span();
        String line = all.source().line(all.line());
        int from = all.column() - 1 + (scalar.plain() ? 0 : 1) + reference.start();
        return line.startsWith(reference.group(), from)
                ? new Span(all.source(), all.line(), from + 1, reference.end() - reference.start())
                : all;
    }

    private String otherwise(Matcher reference, Scalar scalar) {
        String text = reference.group(3);
        return text.contains("${") ? malformed(place(reference, scalar)) : text;
    }

    private String malformed(Span place) {
        problems.add(Diagnostic
                .error(Code.MALFORMED_REFERENCE, place, "a `${` begins here that no reference follows")
                .why("references are ${NAME}, ${NAME:-otherwise} or ${NAME:?why}, and do not nest")
                .fix("complete it, or write `$${` for a dollar and a brace"));
        return "";
    }

    private String unset(String name, @Nullable String why, Span place) {
        boolean declared = variables.isDeclared(name);
        problems.add(Diagnostic
                .error(Code.UNKNOWN_VARIABLE, place,
                        "variable `" + name + "` " + (declared ? "has no value" : "is not declared"))
                .why(why == null ? "" : why)
                .fix(declared ? "give one: --var " + name + "=…"
                        : Suggestion.text(name, variables.names(),
                                "declare it under `variables:`, or write `$${` for a dollar and a brace")));
        return "";
    }
}
