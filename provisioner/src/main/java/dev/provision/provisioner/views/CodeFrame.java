package dev.provision.provisioner.views;

import org.jline.utils.WCWidth;

import dev.provision.schema.diagnostics.Span;

/**
 * The line that a span stands in and what underlines it, as one output shows them; of a long line the part around the
 * span.
 *
 * @param code
 *            the line; blank when there is nothing to show
 * @param indent
 *            as wide as what stands before the span, with the same tabs
 * @param width
 *            of the span in terminal cells, at least 1
 */
record CodeFrame(String code, String indent, int width) {

    /** How many UTF-16 units of a line are shown; one longer fills many rows of a terminal, and hides its caret. */
    private static final int LONGEST = 110;
    /** How many of them stand before the span, where the line is longer. */
    private static final int BEFORE = 40;

    static CodeFrame of(Span span, Palette palette) {
        String line = span.source().line(span.line());
        int spanStart = atCodePoint(line, Math.min(span.column() - 1, line.length()));
        int start = line.length() <= LONGEST ? 0
                : atCodePoint(line, Math.clamp(spanStart - BEFORE, 0, line.length() - LONGEST));
        int end = atCodePoint(line, Math.min(line.length(), start + LONGEST));
        int spanEnd = atCodePoint(line, (int) Math.min(end, (long) spanStart + span.length()));
        String before = (start > 0 ? palette.text("…") : "") + palette.source(line.substring(start, spanStart));
        String underlined = palette.source(line.substring(spanStart, Math.max(spanStart, spanEnd)));
        String after = palette.source(line.substring(Math.max(spanStart, spanEnd), end))
                + (end < line.length() ? palette.text("…") : "");
        return new CodeFrame(before + underlined + after, blank(before), Math.max(1, cells(underlined)));
    }

    /** The index, or the one before it in the middle of a surrogate pair. */
    private static int atCodePoint(String line, int index) {
        boolean inside = index > 0 && index < line.length() && Character.isLowSurrogate(line.charAt(index))
                && Character.isHighSurrogate(line.charAt(index - 1));
        return inside ? index - 1 : index;
    }

    /** Blanks of the same width. A tab stays: how wide it is depends on what stands before it. */
    private static String blank(String text) {
        StringBuilder blank = new StringBuilder();
        text.codePoints().forEach(c -> blank.append(c == '\t' ? "\t" : " ".repeat(cells(c))));
        return blank.toString();
    }

    private static int cells(String text) {
        return text.codePoints().map(CodeFrame::cells).sum();
    }

    private static int cells(int codePoint) {
        return codePoint == '\t' ? 1 : Math.max(0, WCWidth.wcwidth(codePoint));
    }
}
