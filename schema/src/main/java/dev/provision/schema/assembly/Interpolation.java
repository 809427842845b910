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

    /** A whole reference; possessive, for the text can be long. */
    private static final Pattern REFERENCE = Pattern
            .compile("\\$\\{([A-Za-z_][A-Za-z0-9_]*+)(?:(:-|:\\?)([^}]*+))?\\}");

    /** Two dollars, or a reference or the beginning of one. */
    private static final Pattern IN_VALUE = Pattern.compile("\\$\\$|\\$\\{[^}]*+\\}?");

    private final Variables variables;
    private final Problems problems;
    private final IdentityHashMap<Node, Node> done = new IdentityHashMap<>();

    Interpolation(Variables variables, Problems problems) {
        this.variables = variables;
        this.problems = problems;
    }

    /** The document with its references replaced; declarations, which have none, and keys are taken as they are. */
    Mapping apply(Mapping root) {
        rejectReferences(root.child(Variables.SECTION));
        LinkedHashMap<String, Entry> entries = new LinkedHashMap<>();
        root.entries()
                .forEach((key, entry) -> entries.put(key, key.equals(Variables.SECTION) ? entry : replaced(entry)));
        return new Mapping(entries, root.span());
    }

    private void rejectReferences(Mapping declarations) {
        for (Entry entry : declarations.entries().values()) {
            switch (entry.value()) {
                case Scalar value -> rejectReference(value);
                case Mapping declaration -> rejectReferences(declaration);
                case Sequence wrong -> {
                    // The binder says what is wrong with it.
                }
            }
        }
    }

    private void rejectReference(Scalar value) {
        Matcher reference = IN_VALUE.matcher(value.text());
        while (reference.find()) {
            if (!reference.group().equals("$$")) {
                problems.add(Diagnostic
                        .error(Code.MALFORMED_REFERENCE, place(reference.group(), reference.start(), value),
                                "`" + reference.group()
                                        + "` stands in the value of a variable, where nothing is replaced")
                        .why("what a variable stands for does not depend on other variables")
                        .fix("write out what it stands for, or `$${` for a dollar and a brace"));
            }
        }
    }

    private Entry replaced(Entry entry) {
        return new Entry(entry.key(), replaced(entry.value()));
    }

    /** Each list and mapping is looked at once: anchors keep sharing their subtrees, and bombs made of them stay small. */
    private Node replaced(Node node) {
        if (node instanceof Scalar scalar) {
            return scalar.text().indexOf('$') < 0 ? scalar : replaced(scalar);
        }
        Node known = done.get(node);
        if (known != null) {
            return known;
        }
        Node value = switch (node) {
            case Scalar scalar -> replaced(scalar);
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

    /**
     * Goes through the text once. A reference ends at the next brace; one that has none makes the rest of the text malformed, so
     * that a text full of beginnings is not searched from each of them.
     */
    private Scalar replaced(Scalar scalar) {
        String text = scalar.text();
        StringBuilder result = new StringBuilder();
        int done = 0;
        for (int dollar = text.indexOf('$'); dollar >= 0; dollar = text.indexOf('$', done)) {
            result.append(text, done, dollar);
            if (text.startsWith("$$", dollar)) {
                result.append('$');
                done = dollar + 2;
            } else if (text.startsWith("${", dollar)) {
                int brace = text.indexOf('}', dollar);
                done = brace < 0 ? text.length() : brace + 1;
                String reference = text.substring(dollar, done);
                result.append(replacement(reference, place(reference, dollar, scalar)));
            } else {
                result.append('$');
                done = dollar + 1;
            }
        }
        return new Scalar(result.append(text, done, text.length()).toString(), scalar.plain(), scalar.span());
    }

    private String replacement(String reference, Span place) {
        Matcher matcher = REFERENCE.matcher(reference);
        if (!matcher.matches()) {
            return malformed(place);
        }
        String name = matcher.group(1);
        String text = matcher.group(3);
        Optional<String> value = variables.value(name);
        return switch (matcher.group(2)) {
            case ":-" -> otherwise(name, value, text, place);
            case ":?" -> value.filter(given -> !given.isEmpty()).orElseGet(() -> unset(name, text, place));
            case null -> value.orElseGet(() -> unset(name, null, place));
            case String other -> throw new IllegalStateException(other);
        };
    }

    /** The reference alone where it stands in the scalar's line as it is read, without escapes; else the scalar. */
    private static Span place(String reference, int at, Scalar scalar) {
        Span all = scalar.span();
        String line = all.source().line(all.line());
        int from = all.column() - 1 + (scalar.plain() ? 0 : 1) + at;
        return line.startsWith(reference, from) ? new Span(all.source(), all.line(), from + 1, reference.length())
                : all;
    }

    private String otherwise(String name, Optional<String> value, String text, Span place) {
        if (text.contains("${")) {
            return malformed(place); // also where it is not needed: its brace would close the reference and stay behind
        }
        // A misspelt name would never get the value that is meant for it.
        return variables.isDeclared(name) ? value.filter(given -> !given.isEmpty()).orElse(text)
                : unset(name, null, place);
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
