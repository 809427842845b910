package dev.provision.schema.document;

import java.util.List;

import org.yaml.snakeyaml.error.Mark;

import dev.provision.schema.diagnostics.SourceText;
import dev.provision.schema.diagnostics.Span;

/** Turns SnakeYAML's marks, which count code points, into spans, which count UTF-16 units. */
final class Places {

    private final SourceText source;
    /** The lines of a file with surrogates; empty for others, which need no second look at them. */
    private final List<String> lines;

    Places(SourceText source) {
        this.source = source;
        boolean hasSurrogates = source.text().codePoints().anyMatch(Character::isSupplementaryCodePoint);
        this.lines = hasSurrogates ? source.text().lines().toList() : List.of();
    }

    Span start() {
        return new Span(source, 1, 1, 1);
    }

    Span at(Mark mark) {
        return new Span(source, mark.getLine() + 1, column(mark), 1);
    }

    /** From one mark to the other where both are in one line, else the first character only. */
    Span between(Mark start, Mark end) {
        int column = column(start);
        int length = start.getLine() == end.getLine() ? column(end) - column : 1;
        return new Span(source, start.getLine() + 1, column, length);
    }

    /** The place of the code point with this index, counted from 0. */
    Span at(int codePoint) {
        String text = source.text();
        int index = text.offsetByCodePoints(0, Math.min(codePoint, text.codePointCount(0, text.length())));
        String before = text.substring(0, index);
        return new Span(source, (int) before.chars().filter(c -> c == '\n').count() + 1,
                index - before.lastIndexOf('\n'), 1);
    }

    private int column(Mark mark) {
        if (mark.getLine() >= lines.size()) {
            return mark.getColumn() + 1;
        }
        String line = lines.get(mark.getLine());
        int codePoints = Math.min(mark.getColumn(), line.codePointCount(0, line.length()));
        return line.offsetByCodePoints(0, codePoints) + 1;
    }
}
