package dev.provision.provisioner.imports.draft;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

import dev.provision.provisioner.imports.source.Template;

/** A value of the manifest that is being written. */
public sealed interface Value {

    /** A number, a truth value, a size, a keyword: written without quotes. */
    record Word(String text) implements Value {}

    /** Any text, as the manifest holds it: references are references, {@code $$} is a dollar. Quoted where necessary. */
    record Text(String text) implements Value {}

    /** A list. */
    record Items(List<Value> values) implements Value {
        public Items {
            values = List.copyOf(values);
        }
    }

    /**
     * A mapping. Comments above its keys are written where it stands under a key at the top of the manifest. Mutable while
     * the manifest is being put together.
     */
    record Block(SequencedMap<String, Entry> entries) implements Value {

        public Block() {
            this(new LinkedHashMap<>());
        }

        public Block put(String key, Value value) {
            return put(key, value, List.of());
        }

        public Block put(String key, Value value, List<String> comments) {
            entries.put(key, new Entry(value, comments));
            return this;
        }

        public boolean isEmpty() {
            return entries.isEmpty();
        }
    }

    /** A value under a key, and the comments above the key: one line each. */
    record Entry(Value value, List<String> comments) {
        public Entry {
            comments = List.copyOf(comments);
        }
    }

    static Value word(Object text) {
        return new Word(String.valueOf(text));
    }

    static Value text(Template template) {
        return new Text(template.text());
    }

    static Value texts(List<Template> templates) {
        return new Items(templates.stream().map(Value::text).toList());
    }
}
