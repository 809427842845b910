package dev.provision.provisioner.imports.source;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;

import org.jspecify.annotations.Nullable;
import org.tomlj.Toml;
import org.tomlj.TomlArray;
import org.tomlj.TomlKeyValue;
import org.tomlj.TomlParseOptions;
import org.tomlj.TomlParseResult;
import org.tomlj.TomlPosition;
import org.tomlj.TomlTable;
import org.tomlj.TomlValue;

import dev.provision.schema.diagnostics.Code;
import dev.provision.schema.diagnostics.Diagnostic;
import dev.provision.schema.diagnostics.Problems;
import dev.provision.schema.diagnostics.SourceText;
import dev.provision.schema.diagnostics.Span;
import dev.provision.schema.document.Node;
import dev.provision.schema.document.Node.Entry;
import dev.provision.schema.document.Node.Mapping;
import dev.provision.schema.document.Node.Scalar;
import dev.provision.schema.document.Node.Sequence;

/** Reads TOML 1.1 into the nodes that YAML is read into, so that places are kept and both are judged alike. */
public final class TomlReader {

    private static final int MAX_DEPTH = 100;

    private final SourceText source;
    private final List<String> lines;

    private TomlReader(SourceText source) {
        this.source = source;
        this.lines = source.text().lines().toList();
    }

    /** The document; empty when the text is not TOML, of which every mistake has then been reported. */
    public static Optional<Mapping> read(SourceText source, Problems problems) {
        TomlReader reader = new TomlReader(source);
        // A byte order mark is no part of the text; a blank in its place keeps the columns.
        TomlParseResult parsed = Toml.parse(source.text().replaceFirst("^\uFEFF", " "),
                TomlParseOptions.sourceless().withMaxNestingDepth(MAX_DEPTH));
        parsed.errors()
                .forEach(error -> problems.add(Diagnostic
                        .error(Code.TOML_SYNTAX, reader.span(error.position(), new Span(source, 1, 1, 1)),
                                "not valid TOML: " + firstLine(String.valueOf(error.getMessage())))
                        .fix("correct it; https://toml.io shows the form of each value")));
        return parsed.hasErrors() ? Optional.empty()
                : Optional.of(reader.mapping(parsed, new Span(source, 1, 1, 1)));
    }

    private static String firstLine(String text) {
        return text.lines().findFirst().orElse("");
    }

    private Mapping mapping(TomlTable table, Span span) {
        LinkedHashMap<String, Entry> entries = new LinkedHashMap<>();
        for (String key : table.keySet()) {
            TomlKeyValue entry = table.entry(List.of(key));
            if (entry != null) {
                Span place = wordSpan(span(entry.position(), span), key);
                entries.put(key, new Entry(new Scalar(key, false, place), node(entry.value(), place)));
            }
        }
        return new Mapping(entries, span);
    }

    /** A table's own place is that of its header or its brace; where it has none, that of its key. */
    private Node node(TomlValue value, Span key) {
        Span place = span(value.position(), key);
        return switch (value.get()) {
            case TomlTable table -> mapping(table, place);
            case TomlArray array -> sequence(array, place);
            case String text -> new Scalar(text, false, textSpan(place, text));
            case Object other ->
                new Scalar(String.valueOf(other), true, wordSpan(place, String.valueOf(other)));
        };
    }

    private Sequence sequence(TomlArray array, Span place) {
        List<Node> items = new ArrayList<>();
        for (int i = 0; i < array.size(); i++) {
            items.add(node(array.entry(i).value(), place));
        }
        return new Sequence(items, place);
    }

    /** The whole of a string that stands there without escapes, else its first character. */
    private Span textSpan(Span place, String text) {
        return new Span(source, place.line(), place.column(), stands(place, text, 1) ? text.length() + 2 : 1);
    }

    private Span wordSpan(Span place, String word) {
        return new Span(source, place.line(), place.column(), stands(place, word, 0) ? word.length() : 1);
    }

    private boolean stands(Span place, String text, int behind) {
        return line(place.line()).startsWith(text, place.column() - 1 + behind);
    }

    /** tomlj counts code points, spans count UTF-16 units. Only what was not parsed has no position. */
    private Span span(@Nullable TomlPosition position, Span otherwise) {
        if (position == null) {
            return otherwise;
        }
        String line = line(position.line());
        int before = Math.min(position.column() - 1, line.codePointCount(0, line.length()));
        return new Span(source, position.line(), line.offsetByCodePoints(0, before) + 1, 1);
    }

    private String line(int number) {
        return number <= lines.size() ? lines.get(number - 1) : "";
    }
}
