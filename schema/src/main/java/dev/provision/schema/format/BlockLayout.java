package dev.provision.schema.format;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

import dev.provision.schema.format.Line.Kind;
import dev.provision.schema.format.Written.Entry;
import dev.provision.schema.format.Written.Item;
import dev.provision.schema.format.Written.Leaf;
import dev.provision.schema.format.Written.Mapping;
import dev.provision.schema.format.Written.Part;
import dev.provision.schema.format.Written.Sequence;

/**
 * Puts the keys of block mappings into order and indents blocks by two blanks a level. An entry takes along the comments and
 * blank lines above it, and the comments below it that are indented deeper. What is written in several lines keeps its shape.
 */
final class BlockLayout {

    private static final int STEP = 2;

    private final Document document;
    private final Lines lines;
    private final KeyOrder keyOrder;

    private BlockLayout(Document document, Meanings meanings) {
        this.document = document;
        this.lines = document.lines();
        this.keyOrder = new KeyOrder(meanings);
    }

    static String canonical(Document document) {
        return document.root()
                .filter(root -> !root.flow() && document.isFirstInLine(root.content()))
                .map(root -> new BlockLayout(document, Meanings.of(root)).document(root))
                .orElse(document.text());
    }

    private String document(Mapping root) {
        int first = lines.at(root.content());
        int header = Header.end(document, first);
        List<Line> written = margin(0, header, 0, 0);
        written.addAll(block(root, root.entries(), header, lines.count(), 0));
        StringBuilder text = new StringBuilder();
        boolean open = false;
        for (Line line : written) {
            if (!(open && line.isBlank())) {
                text.append(line.text()).append(line.lineBreak());
                open = line.kind() == Kind.OPEN_END;
            }
        }
        return text.toString();
    }

    /**
     * A block whose lines reach from {@code from} to {@code to} (exclusive), with the comments above its first part and below its last.
     */
    private List<Line> block(Written collection, List<? extends Part> parts, int from, int to, int column) {
        int old = document.column(parts.getFirst().start());
        List<Chunk> chunks = Chunk.of(document, parts, from, to);
        List<List<Line>> texts = new ArrayList<>();
        for (Chunk chunk : chunks) {
            List<Line> text = margin(chunk.from(), chunk.line(), old, column);
            text.addAll(part(chunk, column));
            texts.add(text);
        }
        List<Line> written = new ArrayList<>();
        if (collection instanceof Mapping mapping) {
            List<Integer> order = keyOrder.of(mapping);
            if (order.getFirst() != 0) {
                moveBlankLines(texts.get(order.getFirst()), texts.getFirst());
            }
            order.forEach(i -> written.addAll(texts.get(i)));
        } else {
            texts.forEach(written::addAll);
        }
        written.addAll(margin(chunks.getLast().to(), to, old, column));
        return written;
    }

    /** No blank lines come to stand at the beginning of a block: those above its new first entry go above the old one. */
    private static void moveBlankLines(List<Line> from, List<Line> to) {
        while (from.getFirst().isBlank()) {
            to.addFirst(from.removeFirst());
        }
    }

    /** Comments below a part that is no block; below an empty key they stand where the block would. */
    private List<Line> commentsBelow(Chunk chunk, int column) {
        int old = document.column(chunk.part().start());
        int by = column - old;
        if (chunk.isEmpty()) {
            by = column + STEP - IntStream.range(chunk.bodyEnd(), chunk.to())
                    .filter(document::isCommentAlone)
                    .map(lines::indentation)
                    .min()
                    .orElse(old + STEP);
        }
        List<Line> written = new ArrayList<>();
        for (int line = chunk.bodyEnd(); line < chunk.to(); line++) {
            int indentation = lines.indentation(line);
            written.addAll(margin(line, line + 1, indentation, indentation + by));
        }
        return written;
    }

    /**
     * Lines between parts: comments, blank lines, at either end of the document its markers. A comment that is indented deeper
     * than the one at the head of its lines stays so: it can be a commented-out block.
     */
    private List<Line> margin(int from, int to, int old, int column) {
        List<Line> written = new ArrayList<>();
        int head = -1;
        for (int line = from; line < to; line++) {
            if (lines.isBlank(line)) {
                written.add(new Line("", lines.lineBreak(line), Kind.BLANK));
            } else if (document.isCommentAlone(line)) {
                head = head < 0 ? Math.max(old, lines.indentation(line)) : head;
                int deeper = Math.max(0, lines.indentation(line) - head);
                written.add(Line.of(" ".repeat(column + deeper) + lines.text(line).strip(), lines.lineBreak(line)));
                continue;
            } else {
                written.add(verbatim(line));
            }
            head = -1;
        }
        return written;
    }

    private List<Line> part(Chunk chunk, int column) {
        String margin = " ".repeat(column);
        if (chunk.isBesideDash()) {
            List<Line> written = nested(chunk, chunk.line(), column + STEP);
            Line line = written.removeFirst();
            written.addFirst(
                    Line.of(margin + "- " + line.text().substring(column + STEP), line.lineBreak()).as(line.kind()));
            return written;
        }
        List<Line> written = new ArrayList<>();
        written.add(switch (chunk.part()) {
            case Entry entry -> first(chunk, entry.start(), margin);
            case Item item -> item(chunk, item, margin);
        });
        written.addAll(chunk.isNested() ? nested(chunk, chunk.line() + 1, column + STEP) : continuation(chunk, column));
        written.addAll(chunk.isNested() ? List.of() : commentsBelow(chunk, column));
        boolean open = !chunk.isNested() && chunk.part().value().last() instanceof Leaf leaf
                && BlockScalar.keepsEmptyLines(document, leaf);
        if (open) {
            written.addLast(written.removeLast().as(Kind.OPEN_END));
        }
        return written;
    }

    private List<Line> nested(Chunk chunk, int from, int column) {
        return switch (chunk.part().value()) {
            case Mapping mapping -> block(mapping, mapping.entries(), from, chunk.to(), column);
            case Sequence sequence -> block(sequence, sequence.items(), from, chunk.to(), column);
            case Leaf leaf -> throw new IllegalStateException("leaves have no parts");
        };
    }

    private Line item(Chunk chunk, Item item, String margin) {
        int line = chunk.line();
        int from = item.start() + 1;
        while (from < lines.end(line) && document.text().charAt(from) == ' ') {
            from++;
        }
        return first(chunk, from, from < lines.end(line) ? margin + "- " : margin + "-");
    }

    /** The first line of a part, from here on, behind a margin. */
    private Line first(Chunk chunk, int from, String margin) {
        int line = chunk.line();
        int end = lines.end(line);
        Optional<Integer> comment = document.comment(line).filter(at -> at > from);
        if (comment.isPresent()) {
            int at = comment.get();
            String code = margin + document.slice(from, at - document.gap(at));
            int by = code.length() - (document.column(at) - document.gap(at));
            return Line.of(code + document.gap(at, by) + document.slice(at, end).stripTrailing(),
                    lines.lineBreak(line));
        }
        boolean whole = chunk.isNested() || chunk.bodyEnd() == line + 1;
        String code = document.slice(from, end);
        return Line.of(margin + (whole ? code.stripTrailing() : code), lines.lineBreak(line));
    }

    /** The other lines of a part that is no block: moved as one, so that they keep their shape. */
    private List<Line> continuation(Chunk chunk, int column) {
        int by = column - document.column(chunk.part().start());
        int content = -1;
        if (chunk.part().value() instanceof Leaf leaf && leaf.style() == Written.Style.BLOCK
                && lines.at(leaf.content()) == chunk.line()) {
            content = BlockScalar.indentation(document, leaf);
            by = content < 0 ? by : column + STEP - content;
        }
        List<Line> written = new ArrayList<>();
        for (int line = chunk.line() + 1; line < chunk.bodyEnd(); line++) {
            written.add(shifted(line, by, content));
        }
        return written;
    }

    /** Blanks that are not indentation but content stay as many as they are. */
    private Line shifted(int line, int by, int content) {
        int blanks = lines.indentation(line);
        boolean empty = blanks == lines.text(line).length() && blanks <= Math.max(0, content);
        int wanted = empty ? 0 : Math.max(0, blanks + by);
        return Line.of(" ".repeat(wanted) + lines.text(line).substring(blanks), lines.lineBreak(line));
    }

    private Line verbatim(int line) {
        return Line.of(lines.text(line), lines.lineBreak(line));
    }
}
