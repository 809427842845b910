package dev.provision.schema.jsonschema;

import java.math.BigDecimal;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/** Writes maps, lists, texts, numbers, truth values and null as JSON (RFC 8259), in one line what fits into it. */
final class JsonText {

    private static final int WIDTH = 110;

    private final StringBuilder text = new StringBuilder();

    private JsonText() {}

    static String of(@Nullable Object value) {
        JsonText json = new JsonText();
        json.value(value, 0);
        return json.text.append('\n').toString();
    }

    private void value(@Nullable Object value, int indent) {
        int start = text.length();
        line(value);
        boolean nested = value instanceof Map || value instanceof List;
        int column = start - (text.lastIndexOf("\n", start - 1) + 1);
        if (nested && column + text.length() - start > WIDTH) {
            text.setLength(start);
            block(value, "\n" + "  ".repeat(indent), indent);
        }
    }

    /** All in one line. */
    private void line(@Nullable Object value) {
        switch (value) {
            case null -> text.append("null");
            case Map<?, ?> map -> {
                text.append('{');
                Iterator<? extends Map.Entry<?, ?>> entries = map.entrySet().iterator();
                while (entries.hasNext()) {
                    Map.Entry<?, ?> entry = entries.next();
                    string(entry.getKey().toString());
                    text.append(": ");
                    line(entry.getValue());
                    text.append(entries.hasNext() ? ", " : "");
                }
                text.append('}');
            }
            case List<?> list -> {
                text.append('[');
                Iterator<?> items = list.iterator();
                while (items.hasNext()) {
                    line(items.next());
                    text.append(items.hasNext() ? ", " : "");
                }
                text.append(']');
            }
            case String string -> string(string);
            case BigDecimal number -> text.append(number.stripTrailingZeros().toPlainString());
            case Number number -> text.append(number);
            case Boolean truth -> text.append(truth);
            default -> throw new IllegalArgumentException("no JSON: " + value.getClass());
        }
    }

    /** One line for each entry or item. */
    private void block(@Nullable Object value, String newLine, int indent) {
        if (value instanceof Map<?, ?> map) {
            text.append('{');
            Iterator<? extends Map.Entry<?, ?>> entries = map.entrySet().iterator();
            while (entries.hasNext()) {
                Map.Entry<?, ?> entry = entries.next();
                text.append(newLine).append("  ");
                string(entry.getKey().toString());
                text.append(": ");
                value(entry.getValue(), indent + 1);
                text.append(entries.hasNext() ? "," : newLine);
            }
            text.append('}');
        } else if (value instanceof List<?> list) {
            text.append('[');
            Iterator<?> items = list.iterator();
            while (items.hasNext()) {
                text.append(newLine).append("  ");
                value(items.next(), indent + 1);
                text.append(items.hasNext() ? "," : newLine);
            }
            text.append(']');
        }
    }

    private void string(String string) {
        text.append('"');
        string.codePoints().forEach(c -> {
            switch (c) {
                case '"' -> text.append("\\\"");
                case '\\' -> text.append("\\\\");
                default -> text.append(c < 0x20 ? "\\u%04x".formatted(c) : Character.toString(c));
            }
        });
        text.append('"');
    }
}
