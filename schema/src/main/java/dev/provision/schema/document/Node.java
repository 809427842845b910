package dev.provision.schema.document;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.SequencedMap;

import dev.provision.schema.diagnostics.Span;

/** A piece of a YAML document that knows where it stands. Immutable; anchors make subtrees shared. */
public sealed interface Node {

    Span span();

    /** What a person would call it. */
    String kind();

    /**
     * A scalar as its text: what type it has is decided by the key that takes it, so that YAML 1.1's surprises
     * ({@code no}, {@code 12:30}, {@code 010}) cannot happen.
     *
     * @param plain
     *            written without quotes
     */
    record Scalar(String text, boolean plain, Span span) implements Node {

        /** {@code null}, {@code ~} or nothing at all, unquoted (YAML 1.2, section 10.2.1.1). */
        public boolean isNull() {
            return plain && (text.isEmpty() || text.equals("~") || text.equalsIgnoreCase("null"));
        }

        @Override
        public String kind() {
            return isNull() ? "nothing" : "a single value";
        }
    }

    /** A list. */
    record Sequence(List<Node> items, Span span) implements Node {
        public Sequence {
            items = List.copyOf(items);
        }

        @Override
        public String kind() {
            return "a list";
        }
    }

    /** A key and its value. */
    record Entry(Scalar key, Node value) {}

    /** A mapping, in the order of the file. */
    record Mapping(SequencedMap<String, Entry> entries, Span span) implements Node {
        public Mapping {
            entries = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(entries));
        }

        public static Mapping empty(Span span) {
            return new Mapping(new LinkedHashMap<>(), span);
        }

        @Override
        public String kind() {
            return "a mapping";
        }

        /** The mapping under {@code key}; empty, at the best place there is, when no mapping stands there. */
        public Mapping child(String key) {
            Entry entry = entries.get(key);
            return entry != null && entry.value() instanceof Mapping mapping ? mapping
                    : empty(entry == null ? span : entry.value().span());
        }

        /**
         * The entries that were written on the way along {@code path}, down to the deepest one. A step is a key, or
         * {@code [0]} for the first item of a list.
         */
        public List<Entry> along(List<String> path) {
            return walk(path).entries();
        }

        /** The deepest place that is known on the way along {@code path}. */
        public Span spanAt(List<String> path) {
            return walk(path).deepest().span();
        }

        /** The deepest node that is known on the way along {@code path}. */
        public Node deepest(List<String> path) {
            return walk(path).deepest();
        }

        /** Whether something is written at the end of {@code path}. */
        public boolean has(List<String> path) {
            return walk(path).isComplete();
        }

        private record Way(List<Entry> entries, Node deepest, boolean isComplete) {}

        private Way walk(List<String> path) {
            List<Entry> found = new ArrayList<>();
            Node here = this;
            for (String step : path) {
                Node next = switch (here) {
                    case Mapping mapping when mapping.entries.containsKey(step) -> {
                        Entry entry = Objects.requireNonNull(mapping.entries.get(step));
                        found.add(entry);
                        yield entry.value();
                    }
                    case Sequence list when step.matches("\\[[0-9]{1,9}\\]") -> {
                        int index = Integer.parseInt(step.substring(1, step.length() - 1));
                        yield index < list.items().size() ? list.items().get(index) : null;
                    }
                    case Node other -> null;
                };
                if (next == null) {
                    return new Way(found, here, false);
                }
                here = next;
            }
            return new Way(found, here, true);
        }
    }
}
