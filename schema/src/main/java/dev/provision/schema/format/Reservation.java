package dev.provision.schema.format;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import dev.provision.schema.binding.ValueType;
import dev.provision.schema.format.Written.Entry;
import dev.provision.schema.format.Written.Leaf;
import dev.provision.schema.format.Written.Mapping;
import dev.provision.schema.format.Written.Style;

import static java.util.stream.Collectors.joining;

/**
 * Moves a key that stands for a part of another one to where it belongs: {@code memory-reservation: 1GiB} into
 * {@code memory: { request: 1GiB }}, together with its comments. Where that could change what the manifest says, such as
 * into a value that has an anchor, nothing is moved.
 */
final class Reservation {

    private final Document document;
    private final Lines lines;
    private final Meanings meanings;
    private final Edits edits;
    private final Spellings spellings;
    private final Mapping mapping;
    private final Entry entry;
    private final ValueType.Alias alias;

    /**
     * {@code entry} of {@code mapping} goes by {@code alias}. Values in the mapping have been edited before, and no other mapping
     * takes over its keys.
     */
    Reservation(Spellings spellings, Mapping mapping, Entry entry, ValueType.Alias alias) {
        this.spellings = spellings;
        this.document = spellings.document();
        this.lines = document.lines();
        this.meanings = spellings.meanings();
        this.edits = spellings.edits();
        this.mapping = mapping;
        this.entry = entry;
        this.alias = alias;
    }

    void move() {
        if (!isInOneLine(entry)) {
            return;
        }
        Optional<Entry> target = mapping.entries().stream().filter(this::isTarget).findFirst();
        if (target.isEmpty()) {
            edits.replace(entry.start(), entry.end(), alias.key() + ": { " + part() + " }");
        } else if (mapping.flow()) {
            moveInFlow(target.get());
        } else if (document.isFirstInLine(entry.start()) && document.isFirstInLine(target.get().start())) {
            moveInBlock(target.get());
        }
    }

    /** It is the key that the part belongs to, under its own name or another one. */
    private boolean isTarget(Entry other) {
        String name = meanings.key(other);
        return name.equals(alias.key()) || meanings.typeOf(mapping)
                .flatMap(type -> type.alias(name))
                .filter(it -> it.key().equals(alias.key()) && it.into().isEmpty())
                .isPresent();
    }

    private void moveInFlow(Entry target) {
        List<Entry> entries = mapping.entries();
        int index = entries.indexOf(entry);
        boolean last = index == entries.size() - 1;
        int from = last ? entries.get(index - 1).end() : entry.start();
        int to = last ? entry.end() : entries.get(index + 1).start();
        addition(target).ifPresent(addition -> {
            if (document.comments(from, to).isEmpty()) {
                edits.remove(from, to);
            } else {
                int comma = document.comma(last ? from : entry.end());
                edits.remove(entry.start(), entry.end());
                edits.remove(comma, comma + 1);
            }
            edits.replace(addition.start, addition.end, addition.text);
        });
    }

    private void moveInBlock(Entry target) {
        int line = lines.at(entry.start());
        int first = line;
        while (first > 0 && document.isCommentAlone(first - 1)
                && lines.indentation(first - 1) <= document.column(entry.start())) {
            first--;
        }
        List<String> comments = new ArrayList<>();
        for (int i = first; i < line; i++) {
            comments.add(lines.text(i).strip());
        }
        Optional<String> behind = document.comment(line).map(at -> document.slice(at, lines.end(line)));
        boolean block = target.value() instanceof Mapping inner && !inner.flow();
        List<Addition> additions = block ? asLines(target, comments, behind) : withComments(target, comments, behind);
        if (!additions.isEmpty()) {
            edits.remove(lines.start(first), lines.start(line + 1));
            additions.forEach(addition -> edits.replace(addition.start, addition.end, addition.text));
        }
    }

    /** A replacement in the text around the part's new place. */
    private record Addition(int start, int end, String text) {}

    /** Lines at the beginning of the key's block; none when there is no place for them. */
    private List<Addition> asLines(Entry target, List<String> comments, Optional<String> behind) {
        Entry first = ((Mapping) target.value()).entries().getFirst();
        if (isClosed(target) || !document.isFirstInLine(first.start())) {
            return List.of();
        }
        List<String> added = new ArrayList<>(comments);
        added.add(part() + behind.map(comment -> "  " + comment).orElse(""));
        String margin = document.lineBreak() + " ".repeat(document.column(first.start()));
        int end = lines.end(lines.at(target.start()));
        return List.of(new Addition(end, end, margin + String.join(margin, added)));
    }

    /** A place in the key's value, and all comments above that key; none when there is no such place. */
    private List<Addition> withComments(Entry target, List<String> comments, Optional<String> behind) {
        List<String> added = new ArrayList<>(comments);
        behind.ifPresent(added::add);
        String margin = " ".repeat(document.column(target.start()));
        int above = lines.start(lines.at(target.start()));
        return addition(target)
                .map(addition -> List.of(addition, new Addition(above, above,
                        added.stream().map(comment -> margin + comment + document.lineBreak()).collect(joining()))))
                .orElse(List.of());
    }

    /** How the part is written into the value of its key; absent when there is no place for it. */
    private Optional<Addition> addition(Entry target) {
        return isClosed(target) ? Optional.empty() : switch (target.value()) {
            case Leaf leaf when leaf.isNull() -> Optional.of(new Addition(leaf.start(), leaf.end(),
                    (leaf.start() == leaf.end() ? " " : "") + "{ " + part() + " }"));
            case Leaf leaf when isInOneLine(target) && meanings.target(leaf) instanceof Leaf value && !value.isNull() ->
                alias.shortForm()
                        .map(key -> new Addition(leaf.start(), leaf.end(),
                                "{ " + part() + ", " + key + ": " + inFlow(leaf) + " }"));
            case Mapping inner when inner.flow() -> Optional.of(addition(inner));
            case Written other -> Optional.empty();
        };
    }

    private Addition addition(Mapping inner) {
        int at = inner.content() + 1;
        boolean spaced = Character.isWhitespace(document.text().charAt(at));
        String text = inner.entries().isEmpty() ? " " + part() + " " : spaced ? " " + part() + "," : part() + ", ";
        return new Addition(at, at, text);
    }

    /** What has an anchor says more than this key; {@code memoryMb: ${SIZE}} keeps its name. */
    private boolean isClosed(Entry target) {
        boolean named = meanings.key(target).equals(alias.key()) || spellings.becomesKey(mapping, target);
        return !named || target.value().hasProperties() || target.isExplicit();
    }

    private String part() {
        return alias.into().orElseThrow() + ": " + inFlow((Leaf) entry.value());
    }

    /** The value as it can stand in braces. */
    private String inFlow(Leaf leaf) {
        String text = edits.slice(leaf.start(), leaf.end());
        boolean open = leaf.style() == Style.PLAIN && text.chars().anyMatch(c -> ",[]{}".indexOf(c) >= 0);
        return text.isEmpty() ? "null" : open ? Spellings.quoted(Style.DOUBLE_QUOTED, text) : text;
    }

    /** A plain entry with a single value. */
    private boolean isInOneLine(Entry other) {
        return other.value() instanceof Leaf leaf && leaf.style() != Style.BLOCK && !leaf.hasProperties()
                && !other.isExplicit() && !other.key().hasProperties()
                && lines.at(other.start()) == lines.at(other.end());
    }
}
