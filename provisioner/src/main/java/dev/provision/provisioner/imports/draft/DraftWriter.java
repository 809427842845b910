package dev.provision.provisioner.imports.draft;

import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.yaml.snakeyaml.reader.StreamReader;

import dev.provision.provisioner.imports.draft.Value.Block;
import dev.provision.provisioner.imports.draft.Value.Items;
import dev.provision.provisioner.imports.draft.Value.Text;
import dev.provision.provisioner.imports.draft.Value.Word;
import dev.provision.provisioner.views.Printable;
import dev.provision.schema.document.YamlWriter;
import dev.provision.schema.document.YamlWriter.Layout;

/** Writes a draft as YAML, with comments above its entries. */
final class DraftWriter {

    private final StringBuilder manifest = new StringBuilder();

    /** One line each; line ends and control characters in them do not end the comment. */
    DraftWriter comments(List<String> lines) {
        comments(lines, "");
        return this;
    }

    /** A key at the top with its value; nothing when that is an empty mapping. */
    DraftWriter entry(String key, Value value) {
        switch (value) {
            case Block block when block.isEmpty() -> {
            }
            case Block block -> {
                manifest.append(key).append(":\n");
                block.entries().forEach((name, entry) -> {
                    comments(entry.comments(), "  ");
                    manifest.append(indented(yaml(name, entry.value())));
                });
            }
            case Items items -> manifest.append(yaml(key, items));
            case Text text -> manifest.append(yaml(key, text));
            case Word word -> manifest.append(yaml(key, word));
        }
        return this;
    }

    String text() {
        return manifest.toString();
    }

    private void comments(List<String> lines, String indent) {
        lines.forEach(line -> manifest.append(indent).append("# ").append(harmless(line)).append('\n'));
    }

    private static String harmless(String comment) {
        StringBuilder line = new StringBuilder();
        Printable.line(comment)
                .codePoints()
                .forEach(character -> line.appendCodePoint(StreamReader.isPrintable(character) ? character : '?'));
        return line.toString();
    }

    /** Empty lines stay empty; they belong to texts of several lines. */
    private static String indented(String yaml) {
        return yaml.replaceAll("(?md)^(?=.)", "  ");
    }

    private static String yaml(String key, Value value) {
        return YamlWriter.text(Map.of(key, plain(value)), false, Layout.COMPACT);
    }

    private static Object plain(Value value) {
        return switch (value) {
            case Word word -> plain(word.text());
            case Text text -> text.text();
            case Items items -> items.values().stream().map(DraftWriter::plain).toList();
            case Block block -> {
                Map<String, Object> entries = new LinkedHashMap<>();
                block.entries().forEach((key, entry) -> entries.put(key, plain(entry.value())));
                yield entries;
            }
        };
    }

    /** Numbers and truth values are written as such. */
    private static Object plain(String word) {
        if (word.matches("[0-9]{1,18}")) {
            return Long.valueOf(word);
        }
        if (word.matches("[0-9]{1,18}\\.[0-9]{1,18}")) {
            return new BigDecimal(word);
        }
        return word.equals("true") || word.equals("false") ? Boolean.valueOf(word) : word;
    }
}
