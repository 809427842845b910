package dev.provision.schema.diagnostics;

import java.util.Comparator;

/**
 * A place in a file, within one line.
 *
 * @param line
 *            from 1
 * @param column
 *            from 1, in UTF-16 units
 * @param length
 *            how much the caret underlines, at least 1
 */
public record Span(SourceText source, int line, int column, int length) implements Comparable<Span> {

    private static final Comparator<Span> BY_PLACE = Comparator.comparing((Span span) -> span.source().name())
            .thenComparingInt(Span::line)
            .thenComparingInt(Span::column)
            .thenComparingInt(Span::length);

    public Span {
        length = Math.max(1, length);
    }

    @Override
    public int compareTo(Span other) {
        return BY_PLACE.compare(this, other);
    }

    /** {@code machines.yaml:12:5}. */
    @Override
    public String toString() {
        return source.name() + ":" + line + ":" + column;
    }
}
