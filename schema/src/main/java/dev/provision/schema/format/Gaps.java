package dev.provision.schema.format;

import java.util.ArrayList;
import java.util.List;

/**
 * What stands between the values of a text: blanks, indicators and comments. A {@code #} there begins a comment, which lasts
 * until the end of its line; a {@code #} within a value is one of its characters.
 */
final class Gaps {

    private record Value(int start, int end) {}

    private final String text;
    private final List<Value> values = new ArrayList<>();

    Gaps(String text) {
        this.text = text;
    }

    /** Values come in the order of the text. */
    void addValue(int start, int end) {
        values.add(new Value(start, end));
    }

    /** A block scalar: its first line may end with a comment. */
    void addBlockScalar(int start, int end) {
        int headerEnd = start;
        while (headerEnd < end && !Character.isWhitespace(text.charAt(headerEnd))
                && !Lines.isBreak(text.charAt(headerEnd))) {
            headerEnd++;
        }
        addValue(start, headerEnd);
        addValue(Math.min(end, endOfLine(headerEnd)), end);
    }

    /** Behind the blanks, line breaks and comments that begin here. */
    int skip(int from) {
        return skip(from, " \t\uFEFF");
    }

    /** As {@link #skip}, behind the commas too. */
    int skipSeparators(int from) {
        return skip(from, " \t\uFEFF,");
    }

    private int skip(int from, String blanks) {
        int i = from;
        while (i < text.length()) {
            char character = text.charAt(i);
            if (character == '#') {
                i = endOfLine(i);
            } else if (Lines.isBreak(character) || blanks.indexOf(character) >= 0) {
                i++;
            } else {
                break;
            }
        }
        return i;
    }

    private int endOfLine(int from) {
        int i = from;
        while (i < text.length() && !Lines.isBreak(text.charAt(i))) {
            i++;
        }
        return i;
    }

    /** Where the comments begin, in their order. */
    List<Integer> comments() {
        List<Integer> comments = new ArrayList<>();
        int from = 0;
        for (Value value : values) {
            collect(from, value.start, comments);
            from = Math.max(from, value.end);
        }
        collect(from, text.length(), comments);
        return comments;
    }

    private void collect(int from, int to, List<Integer> comments) {
        for (int i = from; i < to; i++) {
            boolean directive = text.charAt(i) == '%' && (i == 0 || Lines.isBreak(text.charAt(i - 1)));
            if (text.charAt(i) == '#') {
                comments.add(i);
            }
            if (text.charAt(i) == '#' || directive) {
                i = endOfLine(i);
            }
        }
    }
}
