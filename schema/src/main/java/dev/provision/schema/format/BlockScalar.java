package dev.provision.schema.format;

import dev.provision.schema.format.Written.Leaf;
import dev.provision.schema.format.Written.Style;

/** The parts of a block scalar (YAML 1.2, section 8.1): a line with indicators, then the content. */
final class BlockScalar {

    private BlockScalar() {}

    /**
     * Where it ends for a person: before the empty lines behind it, unless its header says to keep them.
     *
     * @param start
     *            of its {@code |} or {@code >}
     * @param end
     *            where SnakeYAML says it ends: behind the empty lines
     */
    static int end(String text, int start, int end) {
        String scalar = text.substring(start, end);
        if (indicators(scalar).contains("+")) {
            return end;
        }
        Lines lines = new Lines(scalar);
        int most = indicators(scalar).matches(".*[0-9].*") ? 0 : contentIndentation(lines);
        int last = lines.count() - 1;
        while (last > 0 && isEmpty(lines, last, most)) {
            last--;
        }
        return start + lines.end(last);
    }

    /** It has no characters but what belongs to the indentation. */
    private static boolean isEmpty(Lines lines, int line, int most) {
        int blanks = lines.indentation(line);
        return blanks == lines.text(line).length() && blanks <= most;
    }

    /** What stands between {@code |} or {@code >} and the end of the word. */
    private static String indicators(String scalar) {
        int end = 1;
        while (end < scalar.length() && "+-0123456789".indexOf(scalar.charAt(end)) >= 0) {
            end++;
        }
        return scalar.substring(1, end);
    }

    /** The indentation of the first line that has characters; more than any line's when none has. */
    private static int contentIndentation(Lines lines) {
        for (int line = 1; line < lines.count(); line++) {
            if (lines.indentation(line) < lines.text(line).length()) {
                return lines.indentation(line);
            }
        }
        return Integer.MAX_VALUE;
    }

    /** The empty lines behind it are part of the value. */
    static boolean keepsEmptyLines(Document document, Leaf leaf) {
        return leaf.style() == Style.BLOCK && indicators(document, leaf).contains("+");
    }

    /** What its header says of its indentation and end, {@code 2-}. */
    static String indicators(Document document, Leaf leaf) {
        return indicators(document.slice(leaf.content(), leaf.end()));
    }

    /** The number of blanks its content is indented by; -1 when its header fixes that in relation to its surroundings. */
    static int indentation(Document document, Leaf leaf) {
        String scalar = document.slice(leaf.content(), leaf.end());
        return indicators(scalar).matches(".*[0-9].*") ? -1 : contentIndentation(new Lines(scalar));
    }
}
