package dev.provision.schema.document;

import org.yaml.snakeyaml.error.Mark;

import dev.provision.schema.diagnostics.SourceText;
import dev.provision.schema.diagnostics.Span;

/** Turns SnakeYAML's marks, which count code points, into spans, which count UTF-16 units. */
final class Places {

    private final SourceText source;
    private final boolean hasSurrogates;
    /** The line that the last column was asked of, and how far it is counted: marks come in the order of the text. */
    private int line = -1;
    private String lineText = "";
    private int codePoints;
    private int units;

    Places(SourceText source) {
        this.source = source;
        this.hasSurrogates = source.text().codePoints().anyMatch(Character::isSupplementaryCodePoint);
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

    /** Files without surrogates, which is nearly all of them, take no second look at their lines. */
    private int column(Mark mark) {
        if (!hasSurrogates) {
            return mark.getColumn() + 1;
        }
        if (mark.getLine() != line) {
            line = mark.getLine();
            lineText = source.line(line + 1);
            codePoints = 0;
            units = 0;
        }
        if (mark.getColumn() < codePoints) {
            codePoints = 0;
            units = 0;
        }
        while (codePoints < mark.getColumn() && units < lineText.length()) {
            units += Character.charCount(lineText.codePointAt(units));
            codePoints++;
        }
        return units + 1;
    }
}
