package dev.provision.schema.format;

import java.io.StringReader;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.IntUnaryOperator;

import org.yaml.snakeyaml.DumperOptions.ScalarStyle;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.events.AliasEvent;
import org.yaml.snakeyaml.events.CollectionStartEvent;
import org.yaml.snakeyaml.events.Event;
import org.yaml.snakeyaml.events.MappingEndEvent;
import org.yaml.snakeyaml.events.MappingStartEvent;
import org.yaml.snakeyaml.events.NodeEvent;
import org.yaml.snakeyaml.events.ScalarEvent;
import org.yaml.snakeyaml.events.SequenceEndEvent;
import org.yaml.snakeyaml.events.SequenceStartEvent;

import dev.provision.schema.format.Written.Entry;
import dev.provision.schema.format.Written.Item;
import dev.provision.schema.format.Written.Leaf;
import dev.provision.schema.format.Written.Mapping;
import dev.provision.schema.format.Written.Part;
import dev.provision.schema.format.Written.Place;
import dev.provision.schema.format.Written.Sequence;
import dev.provision.schema.format.Written.Style;

/** Reads a text that is known to be one YAML document into {@link Written} nodes, from SnakeYAML's events. */
final class DocumentReader {

    private final String text;
    private final IntUnaryOperator offsets;
    private final Iterator<Event> events;
    private final Gaps gaps;
    /** Behind the last thing that was read. */
    private int here;

    private DocumentReader(String text, Gaps gaps) {
        this.text = text;
        this.gaps = gaps;
        this.offsets = offsets(text);
        LoaderOptions options = new LoaderOptions();
        options.setCodePointLimit(Integer.MAX_VALUE);
        this.events = new Yaml(options).parse(new StringReader(text)).iterator();
    }

    /**
     * The root, when it is a mapping.
     *
     * @param gaps
     *            is told where the values are, so that it knows what is between them
     * @throws YAMLException
     *             when the text is no YAML
     */
    static Optional<Mapping> read(String text, Gaps gaps) {
        return new DocumentReader(text, gaps).root();
    }

    /** SnakeYAML counts code points. */
    private static IntUnaryOperator offsets(String text) {
        if (text.chars().noneMatch(c -> Character.isSurrogate((char) c))) {
            return index -> index;
        }
        int[] table = new int[text.codePointCount(0, text.length()) + 1];
        int offset = 0;
        for (int i = 0; i < table.length; i++) {
            table[i] = offset;
            offset += offset < text.length() ? Character.charCount(text.codePointAt(offset)) : 0;
        }
        return index -> table[index];
    }

    private Optional<Mapping> root() {
        while (events.hasNext()) {
            if (events.next() instanceof NodeEvent event) {
                return node(event) instanceof Mapping mapping ? Optional.of(mapping) : Optional.empty();
            }
        }
        return Optional.empty();
    }

    private Written node(Event event) {
        return switch (event) {
            case AliasEvent alias -> leaf(alias, Style.ALIAS, alias.getAnchor());
            case ScalarEvent scalar -> leaf(scalar, style(scalar.getScalarStyle()), scalar.getValue());
            case SequenceStartEvent start -> sequence(start);
            case MappingStartEvent start -> mapping(start);
            default -> throw new YAMLException("unexpected " + event);
        };
    }

    private static Style style(ScalarStyle style) {
        return switch (style) {
            case PLAIN, JSON_SCALAR_STYLE -> Style.PLAIN;
            case SINGLE_QUOTED -> Style.SINGLE_QUOTED;
            case DOUBLE_QUOTED -> Style.DOUBLE_QUOTED;
            case LITERAL, FOLDED -> Style.BLOCK;
        };
    }

    private Leaf leaf(NodeEvent event, Style style, String value) {
        int start = start(event);
        int end = offsets.applyAsInt(event.getEndMark().getIndex());
        boolean decorated = event instanceof ScalarEvent scalar
                && (scalar.getAnchor() != null || scalar.getTag() != null);
        int head = decorated ? properties(start, end) : start;
        int content = decorated ? Math.min(end, gaps.skip(head)) : start;
        int last = style == Style.BLOCK ? BlockScalar.end(text, content, end) : end;
        if (style == Style.BLOCK) {
            gaps.addBlockScalar(content, last);
        } else {
            gaps.addValue(content, last);
        }
        here = end;
        return new Leaf(new Place(start, head, content, last, style == Style.ALIAS ? Optional.empty() : anchor(event)),
                style, value);
    }

    private Sequence sequence(SequenceStartEvent event) {
        Opening opening = open(event);
        List<Item> items = new ArrayList<>();
        for (Event next = events.next(); !(next instanceof SequenceEndEvent); next = events.next()) {
            int start = opening.flow ? start(next) : gaps.skip(here);
            here = opening.flow ? here : start + 1;
            items.add(new Item(start, node(next)));
        }
        return new Sequence(close(opening, items), opening.flow, items);
    }

    private Mapping mapping(MappingStartEvent event) {
        Opening opening = open(event);
        List<Entry> entries = new ArrayList<>();
        for (Event next = events.next(); !(next instanceof MappingEndEvent); next = events.next()) {
            int start = gaps.skipSeparators(here);
            if (!(node(next) instanceof Leaf key)) {
                throw new YAMLException("a key must be a single value");
            }
            Written value = node(events.next());
            entries.add(new Entry(Math.min(start, key.start()), key, value));
        }
        return new Mapping(close(opening, entries), opening.flow, entries);
    }

    /** The beginning of a collection. */
    private record Opening(int start, int head, int content, boolean flow, Optional<String> anchor) {}

    private Opening open(CollectionStartEvent event) {
        int start = start(event);
        boolean decorated = event.getAnchor() != null || event.getTag() != null;
        int head = decorated ? properties(start, text.length()) : start;
        int content = decorated ? gaps.skip(head) : start;
        here = isBracketed(event.isFlow(), content) ? content + 1 : content;
        return new Opening(start, head, content, event.isFlow(), anchor(event));
    }

    /** In a flow list, a pair without braces begins with its key. */
    private boolean isBracketed(boolean flow, int content) {
        return flow && "[{".indexOf(text.charAt(content)) >= 0;
    }

    /** Closing brackets are part of the collection; others end with their last part. */
    private Place close(Opening opening, List<? extends Part> parts) {
        int end = parts.isEmpty() ? here : parts.getLast().end();
        if (isBracketed(opening.flow, opening.content)) {
            end = gaps.skipSeparators(here) + 1;
            here = end;
        }
        return new Place(opening.start, opening.head, opening.content, end, opening.anchor);
    }

    /** The end of the anchor and the tag that begin here, in either order. */
    private int properties(int from, int limit) {
        int end = from;
        for (int i = from; i < limit && "&!".indexOf(text.charAt(i)) >= 0; i = gaps.skip(end)) {
            boolean verbatim = text.startsWith("!<", i);
            end = i + 1;
            while (end < limit && (verbatim ? text.charAt(end - 1) != '>' : isOfProperty(text.charAt(end)))) {
                end++;
            }
            gaps.addValue(i, end);
        }
        return end;
    }

    private static boolean isOfProperty(char character) {
        return !Character.isWhitespace(character) && !Lines.isBreak(character) && ",[]{}".indexOf(character) < 0;
    }

    private static Optional<String> anchor(NodeEvent event) {
        return Optional.ofNullable(event.getAnchor());
    }

    private int start(Event event) {
        return offsets.applyAsInt(event.getStartMark().getIndex());
    }
}
