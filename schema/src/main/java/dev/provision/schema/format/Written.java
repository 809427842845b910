package dev.provision.schema.format;

import java.util.List;
import java.util.Optional;

/**
 * A YAML node as it is written: where its characters stand. Offsets are UTF-16 units from the start of the text, ends are
 * exclusive. Aliases are leaves, they are not followed. Maps of nodes go by identity: two equal texts are two nodes.
 */
sealed interface Written {

    /**
     * Where a node stands.
     *
     * @param start
     *            where it begins, with its anchor and tag
     * @param head
     *            where its anchor and tag end; {@code start} when it has none
     * @param content
     *            where the value itself begins
     * @param anchor
     *            the anchor that it defines
     */
    record Place(int start, int head, int content, int end, Optional<String> anchor) {}

    Place place();

    default int start() {
        return place().start();
    }

    default int content() {
        return place().content();
    }

    default int end() {
        return place().end();
    }

    /** It has an anchor or a tag. */
    default boolean hasProperties() {
        return place().head() > start();
    }

    /** What it ends with: the last leaf in it, or a collection that has none. */
    default Written last() {
        return switch (this) {
            case Leaf leaf -> leaf;
            case Sequence list -> list.items().isEmpty() ? list : list.items().getLast().value().last();
            case Mapping mapping -> mapping.entries().isEmpty() ? mapping : mapping.entries().getLast().value().last();
        };
    }

    /** How a leaf is written. */
    enum Style {
        PLAIN, SINGLE_QUOTED, DOUBLE_QUOTED, BLOCK, ALIAS
    }

    /**
     * A single value, or an alias.
     *
     * @param text
     *            the value; of an alias, the anchor's name
     */
    record Leaf(Place place, Style style, String text) implements Written {

        /** As {@code Node.Scalar} has it. */
        boolean isNull() {
            return style == Style.PLAIN && (text.isEmpty() || text.equals("~") || text.equalsIgnoreCase("null"));
        }
    }

    /** A list, in brackets ({@code flow}) or with dashes. */
    record Sequence(Place place, boolean flow, List<Item> items) implements Written {
        public Sequence {
            items = List.copyOf(items);
        }
    }

    /** A mapping, in braces ({@code flow}) or a line an entry; a pair in brackets is in flow too, without braces. */
    record Mapping(Place place, boolean flow, List<Entry> entries) implements Written {
        public Mapping {
            entries = List.copyOf(entries);
        }
    }

    /** A part of a collection. */
    sealed interface Part {

        /** Where it begins, with its dash or question mark. */
        int start();

        int end();

        Written value();
    }

    /** An item of a list. */
    record Item(int start, Written value) implements Part {
        @Override
        public int end() {
            return Math.max(start + 1, value.end());
        }
    }

    /** A key and its value. */
    record Entry(int start, Leaf key, Written value) implements Part {
        @Override
        public int end() {
            return Math.max(key.end(), value.end());
        }

        /** {@code <<}, which takes over the keys of other mappings. */
        boolean isMerge() {
            return key.style() == Style.PLAIN && key.text().equals("<<");
        }

        /** Written with a question mark. */
        boolean isExplicit() {
            return start < key.start();
        }
    }
}
