package dev.provision.schema.format;

import java.util.ArrayList;
import java.util.List;

import dev.provision.schema.format.Written.Entry;
import dev.provision.schema.format.Written.Item;
import dev.provision.schema.format.Written.Leaf;
import dev.provision.schema.format.Written.Mapping;
import dev.provision.schema.format.Written.Part;
import dev.provision.schema.format.Written.Sequence;
import dev.provision.schema.format.Written.Style;

/**
 * The lines of a part of a block; counted from 0, ends are exclusive.
 *
 * @param from
 *            the first of the comments and blank lines above it
 * @param line
 *            the one that it begins in
 * @param bodyEnd
 *            behind its last character
 * @param to
 *            behind the comments below that belong to it
 * @param isNested
 *            its value is a block of its own, in an arrangement that can be laid out anew
 * @param isBesideDash
 *            that block begins in this line, as in {@code - a: 1}
 */
record Chunk(Part part, int from, int line, int bodyEnd, int to, boolean isNested, boolean isBesideDash) {

    /** Nothing is written as its value: what shall be below is commented out. */
    boolean isEmpty() {
        return switch (part.value()) {
            case Leaf leaf -> leaf.style() == Style.PLAIN && leaf.content() == leaf.end();
            case Mapping mapping -> mapping.entries().isEmpty();
            case Sequence sequence -> sequence.items().isEmpty();
        };
    }

    /** The parts of a block that has the lines from {@code from} to {@code to}. */
    static List<Chunk> of(Document document, List<? extends Part> parts, int from, int to) {
        Lines lines = document.lines();
        List<Chunk> chunks = new ArrayList<>();
        int above = from;
        for (int i = 0; i < parts.size(); i++) {
            Part part = parts.get(i);
            int line = lines.at(part.start());
            int bodyEnd = lines.at(Math.max(part.start(), part.end() - 1)) + 1;
            int next = i + 1 < parts.size() ? lines.at(parts.get(i + 1).start()) : to;
            boolean nested = isNested(document, part);
            int end = part.value().last() instanceof Leaf leaf && leaf.style() == Style.BLOCK && !nested ? bodyEnd
                    : withComments(document, document.column(part.start()), bodyEnd, next);
            boolean beside = nested && lines.at(part.value().content()) == line;
            chunks.add(new Chunk(part, above, line, bodyEnd, end, nested, beside));
            above = end;
        }
        return chunks;
    }

    /** Comments that are indented deeper than a key belong to it, also where nothing else stands below that key. */
    private static int withComments(Document document, int column, int from, int limit) {
        int end = from;
        for (int line = from; line < limit; line++) {
            if (document.isCommentAlone(line) && document.lines().indentation(line) > column) {
                end = line + 1;
            } else if (!document.lines().isBlank(line)) {
                break;
            }
        }
        return end;
    }

    private static boolean isNested(Document document, Part part) {
        boolean block = switch (part.value()) {
            case Leaf leaf -> false;
            case Mapping mapping -> !mapping.flow();
            case Sequence sequence -> !sequence.flow();
        };
        Lines lines = document.lines();
        Written.Place place = part.value().place();
        int line = lines.at(part.start());
        boolean headAbove = place.head() == place.start() || lines.at(place.head()) == line;
        return block && headAbove && switch (part) {
            case Entry entry -> !entry.isExplicit() && lines.at(place.content()) > line;
            case Item item -> place.head() == place.start() || lines.at(place.content()) > line;
        };
    }
}
