package dev.provision.provisioner.imports.source;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

import dev.provision.schema.diagnostics.Span;
import dev.provision.schema.diagnostics.Suggestion;
import dev.provision.schema.document.Node;
import dev.provision.schema.document.Node.Entry;
import dev.provision.schema.document.Node.Mapping;
import dev.provision.schema.document.Node.Scalar;
import dev.provision.schema.document.Node.Sequence;

/**
 * The keys of one mapping of an imported file. Each is asked for by name, and {@link #finish} says what became of those
 * nobody asked for: so no key is lost without a remark. A key without a value counts as absent.
 */
public final class Keys {

    private final Mapping mapping;
    private final Remarks remarks;
    private final Texts texts;
    private final String path;
    private final Set<String> asked = new HashSet<>();

    /** The keys of what is not within something that has keys itself. */
    public Keys(Mapping mapping, Remarks remarks, Texts texts) {
        this(mapping, remarks, texts, "");
    }

    private Keys(Mapping mapping, Remarks remarks, Texts texts, String path) {
        this.mapping = mapping;
        this.path = path;
        this.remarks = remarks;
        this.texts = texts;
    }

    public Remarks remarks() {
        return remarks;
    }

    public Texts texts() {
        return texts;
    }

    /** A mapping without keys at the same place, for one that is not there. */
    public Keys empty() {
        return new Keys(Mapping.empty(mapping.span()), remarks, texts, path);
    }

    /** The keys of an item of the list under a key. */
    public Keys item(String key, Mapping item) {
        return new Keys(item, remarks, texts, path + key + ".");
    }

    public Mapping mapping() {
        return mapping;
    }

    public Span span() {
        return mapping.span();
    }

    /** The place of a key that is there; else that of the mapping. */
    public Span place(String key) {
        Entry entry = mapping.entries().get(key);
        return entry == null ? mapping.span() : entry.key().span();
    }

    /** A key with those it lies below, as messages name it: {@code `deploy.replicas`}. */
    public String name(String key) {
        return Remarks.quoted(path + key);
    }

    /** Says that a key is not carried over. */
    public void lose(String key, String why) {
        remarks.lost(place(key), name(key), why);
    }

    /** Says that a key is not carried over, unless its value says what holds anyway. */
    public void loseUnless(String key, Set<String> values, String why) {
        if (text(key).filter(text -> text.literal().filter(values::contains).isEmpty()).isPresent()) {
            lose(key, why);
        }
    }

    public boolean has(String key) {
        return node(key).isPresent();
    }

    /** The value of a key, whatever its form. */
    public Optional<Node> node(String key) {
        asked.add(key);
        return Optional.ofNullable(mapping.entries().get(key))
                .map(Entry::value)
                .filter(value -> !(value instanceof Scalar scalar && scalar.isNull()));
    }

    /** A single value; another form is remarked. */
    public Optional<Template> text(String key) {
        return node(key).flatMap(value -> text(key, value));
    }

    /** A single value that refers to no variable. */
    public Optional<String> literal(String key) {
        Optional<Template> text = text(key);
        Optional<String> literal = text.flatMap(Template::literal);
        if (text.isPresent() && literal.isEmpty()) {
            lose(key, "here a value cannot be left to a variable");
        }
        return literal;
    }

    /** {@code true} or {@code false}; another value is remarked and counts as absent. */
    public Optional<Boolean> truth(String key) {
        return literal(key).flatMap(text -> switch (text) {
            case "true", "True", "TRUE" -> Optional.of(true);
            case "false", "False", "FALSE" -> Optional.of(false);
            default -> {
                lose(key, Remarks.quoted(text) + " is neither true nor false");
                yield Optional.empty();
            }
        });
    }

    /** A whole number within bounds, both included; another value is remarked and counts as absent. */
    public Optional<Long> whole(String key, long least, long most) {
        return literal(key).flatMap(text -> {
            Optional<Long> number = text.matches("[0-9]{1,18}") ? Optional.of(Long.valueOf(text)) : Optional.empty();
            if (number.filter(value -> value >= least && value <= most).isEmpty()) {
                lose(key, Remarks.quoted(text) + " is not a whole number from " + least
                        + (most == Long.MAX_VALUE ? " on" : " to " + most));
                return Optional.empty();
            }
            return number;
        });
    }

    /** The single values of a list; empty when there is none. Items of another form are remarked. */
    public List<Located> texts(String key) {
        return nodes(key).stream().flatMap(item -> located(key, item).stream()).toList();
    }

    /** The items of a list; empty when there is none. */
    public List<Node> nodes(String key) {
        return node(key).map(value -> {
            if (value instanceof Sequence sequence) {
                return sequence.items();
            }
            wrongForm(key, value, "a list");
            return List.<Node>of();
        }).orElse(List.of());
    }

    /** The keys below a key. */
    public Optional<Keys> below(String key) {
        return node(key).flatMap(value -> {
            if (value instanceof Mapping below) {
                return Optional.of(item(key, below));
            }
            wrongForm(key, value, "a mapping");
            return Optional.empty();
        });
    }

    /** All keys with their values, as asked for. */
    public List<Entry> all() {
        asked.addAll(mapping.entries().keySet());
        return List.copyOf(mapping.entries().values());
    }

    /** A text and its place. */
    public record Located(Template text, Span span) {}

    private Optional<Located> located(String key, Node item) {
        return text(key, item).map(text -> new Located(text, item.span()));
    }

    private Optional<Template> text(String key, Node value) {
        if (value instanceof Scalar scalar) {
            return Optional.of(texts.read(scalar, remarks));
        }
        wrongForm(key, value, "a single value");
        return Optional.empty();
    }

    private void wrongForm(String key, Node value, String expected) {
        remarks.lost(value.span(), name(key), "it takes " + expected + ", not " + value.kind());
    }

    /**
     * Says that the keys nobody asked for are not carried over.
     *
     * @param reasons
     *            why not, for the keys that exist there; others are unknown
     */
    public void finish(Map<String, String> reasons) {
        for (Entry entry : mapping.entries().values()) {
            if (!asked.contains(entry.key().text())) {
                unused(entry, reasons);
            }
        }
    }

    private void unused(Entry entry, Map<String, String> reasons) {
        String key = entry.key().text();
        Span place = entry.key().span();
        String reason = reasons.get(key);
        if (reason != null) {
            if (asksForSomething(entry.value())) {
                remarks.lost(place, name(key), reason);
            }
        } else if (key.startsWith("x-")) {
            remarks.note(place, name(key) + " is not carried over", "extensions are no concern of a manifest");
        } else {
            Set<String> known = new TreeSet<>(asked);
            known.addAll(reasons.keySet());
            remarks.lost(place, name(key), "there is no such key", Suggestion.text(key, known, ""));
        }
    }

    /** {@code false}, nothing and empty lists say what holds in a manifest anyway. */
    private static boolean asksForSomething(Node value) {
        return switch (value) {
            case Scalar scalar -> !scalar.isNull() && !scalar.text().equalsIgnoreCase("false");
            case Sequence sequence -> !sequence.items().isEmpty();
            case Mapping below -> !below.entries().isEmpty();
        };
    }
}
