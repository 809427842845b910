package dev.provision.schema.jsonschema;

import java.util.Iterator;
import java.util.List;
import java.util.Map;

/** Writes maps, lists, texts, numbers and truth values as indented JSON (RFC 8259). */
final class JsonText {

    private final StringBuilder text = new StringBuilder();

    private JsonText() {}

    static String of(Object value) {
        JsonText json = new JsonText();
        json.value(value, "\n");
        return json.text.append('\n').toString();
    }

    private void value(Object value, String newLine) {
        switch (value) {
            case Map<?, ?> map -> map(map, newLine);
            case List<?> list -> list(list, newLine);
            case String string -> string(string);
            case Number number -> text.append(number);
            case Boolean truth -> text.append(truth);
            default -> throw new IllegalArgumentException("no JSON: " + value.getClass());
        }
    }

    private void map(Map<?, ?> map, String newLine) {
        text.append('{');
        Iterator<? extends Map.Entry<?, ?>> entries = map.entrySet().iterator();
        while (entries.hasNext()) {
            Map.Entry<?, ?> entry = entries.next();
            text.append(newLine).append("  ");
            string(entry.getKey().toString());
            text.append(": ");
            value(entry.getValue(), newLine + "  ");
            text.append(entries.hasNext() ? "," : newLine);
        }
        text.append('}');
    }

    private void list(List<?> list, String newLine) {
        text.append('[');
        Iterator<?> items = list.iterator();
        while (items.hasNext()) {
            Object item = items.next();
            boolean nested = item instanceof Map;
            text.append(nested ? newLine + "  " : "");
            value(item, newLine + "  ");
            text.append(items.hasNext() ? nested ? "," : ", " : nested ? newLine : "");
        }
        text.append(']');
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
