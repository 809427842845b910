package dev.provision.schema.format;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

import dev.provision.schema.format.Written.Entry;
import dev.provision.schema.format.Written.Mapping;

/** Writes a mapping in braces a line an entry, each with the comments above it and behind it. */
final class FlowLines {

    /** A line break and the blanks behind it, unless nothing else follows. */
    private static final Pattern FURTHER_LINE = Pattern.compile("(\\R)( *)(?=\\S)");

    private final Document document;
    private final Mapping mapping;
    private final List<List<String>> above = new ArrayList<>();
    private final List<String> behind = new ArrayList<>();

    FlowLines(Document document, Mapping mapping) {
        this.document = document;
        this.mapping = mapping;
        int from = mapping.content() + 1;
        for (Entry entry : mapping.entries()) {
            collect(from, entry.start());
            from = entry.end();
        }
        collect(from, mapping.end());
    }

    /** Comments of a gap: the one in its first line belongs to what stands before, the others to what comes. */
    private void collect(int from, int to) {
        Lines lines = document.lines();
        List<String> comments = new ArrayList<>();
        String first = "";
        for (int line = lines.at(from); line <= lines.at(to); line++) {
            int comment = document.comment(line).orElse(-1);
            if (comment >= from && comment < to) {
                String text = document.slice(comment, lines.end(line)).stripTrailing();
                if (line == lines.at(from)) {
                    first = text;
                } else {
                    comments.add(text);
                }
            }
        }
        behind.add(first);
        above.add(comments);
    }

    /**
     * The mapping's new text.
     *
     * @param texts
     *            of the entries, in their new order
     * @param order
     *            the places that they have now
     */
    String write(List<String> texts, List<Integer> order) {
        int column = document.lines().indentation(document.lines().at(mapping.content()));
        String outer = document.lineBreak() + " ".repeat(column);
        String inner = outer + "  ";
        StringBuilder text = new StringBuilder("{").append(spaced(behind.getFirst()));
        for (int i = 0; i < texts.size(); i++) {
            above.get(order.get(i)).forEach(comment -> text.append(inner).append(comment));
            text.append(inner).append(moved(texts.get(i), mapping.entries().get(order.get(i)), column + 2));
            text.append(i < texts.size() - 1 ? "," : "").append(spaced(behind.get(order.get(i) + 1)));
        }
        above.getLast().forEach(comment -> text.append(inner).append(comment));
        return text.append(outer).append("}").toString();
    }

    /** The text of an entry with its further lines indented as before in relation to its first one. */
    private String moved(String text, Entry entry, int column) {
        int by = column - document.lines().indentation(document.lines().at(entry.start()));
        return FURTHER_LINE.matcher(text)
                .replaceAll(line -> line.group(1) + " ".repeat(Math.max(0, line.group(2).length() + by)));
    }

    private static String spaced(String comment) {
        return comment.isEmpty() ? "" : "  " + comment;
    }
}
