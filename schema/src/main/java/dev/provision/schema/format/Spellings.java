package dev.provision.schema.format;

import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

import dev.provision.schema.binding.ValueType;
import dev.provision.schema.format.Written.Entry;
import dev.provision.schema.format.Written.Item;
import dev.provision.schema.format.Written.Leaf;
import dev.provision.schema.format.Written.Mapping;
import dev.provision.schema.format.Written.Sequence;
import dev.provision.schema.format.Written.Style;

/**
 * Spells keys and values canonically: a key's own name instead of an alias, quantities in their canonical form. Quotes,
 * anchors and tags stay. What cannot be read, and what the manifest does not type, is left as it is.
 */
final class Spellings {

    private final Document document;
    private final Meanings meanings;
    private final Edits edits;
    /** Keys as they are written that stay so in some mapping which takes part in a merge. */
    private final Set<String> staying = new HashSet<>();

    private Spellings(Document document, Meanings meanings) {
        this.document = document;
        this.meanings = meanings;
        this.edits = new Edits(document);
        for (Mapping mapping : meanings.merging()) {
            for (Entry entry : mapping.entries()) {
                if (alias(mapping, entry).filter(alias -> isFree(alias, entry)).isEmpty()) {
                    staying.add(meanings.key(entry));
                }
            }
        }
    }

    static String canonical(Document document) {
        if (document.root().isEmpty()) {
            return document.text();
        }
        Mapping root = document.root().get();
        Spellings spellings = new Spellings(document, Meanings.of(root));
        spellings.visit(root);
        return spellings.edits.apply();
    }

    Document document() {
        return document;
    }

    Meanings meanings() {
        return meanings;
    }

    Edits edits() {
        return edits;
    }

    private void visit(Written node) {
        switch (node) {
            case Leaf leaf -> canonical(leaf).ifPresent(
                    text -> edits.replace(leaf.content(), leaf.end(), quoted(leaf.style(), text)));
            case Sequence sequence -> sequence.items().forEach(item -> visit(item.value()));
            case Mapping mapping -> visit(mapping);
        }
    }

    /** Values before the keys that have them: a key that moves takes its value as it is then. */
    private void visit(Mapping mapping) {
        for (Entry entry : mapping.entries()) {
            boolean unitStays = alias(mapping, entry).filter(ValueType.Alias::saysUnit).isPresent()
                    && !becomesKey(mapping, entry);
            if (!unitStays) {
                visit(entry.value());
            }
        }
        for (Entry entry : mapping.entries()) {
            alias(mapping, entry).filter(alias -> becomesKey(mapping, entry))
                    .ifPresent(alias -> edits.replace(entry.key().content(), entry.key().end(),
                            quoted(entry.key().style(), alias.key())));
            alias(mapping, entry)
                    .filter(alias -> alias.into().isPresent() && !meanings.merging().contains(mapping))
                    .ifPresent(alias -> new Reservation(this, mapping, entry, alias).move());
        }
    }

    private Optional<ValueType.Alias> alias(Mapping mapping, Entry entry) {
        return meanings.typeOf(mapping).flatMap(type -> type.alias(meanings.key(entry)));
    }

    /**
     * It goes by another name than its own, and gets that one. A key that is merged into other mappings keeps a name that it has
     * to keep anywhere: under two names it would not be one key any more.
     */
    boolean becomesKey(Mapping mapping, Entry entry) {
        boolean free = alias(mapping, entry).filter(alias -> isFree(alias, entry)).isPresent();
        return free && !(meanings.merging().contains(mapping) && staying.contains(meanings.key(entry)));
    }

    /** Nothing else refers to the key's text, nor is it an alias, and the value means the same under the key's own name. */
    private boolean isFree(ValueType.Alias alias, Entry entry) {
        boolean ownText = !isAlias(entry.key()) && entry.key().place().anchor().isEmpty();
        return ownText && alias.into().isEmpty() && takesOver(alias, entry.value());
    }

    /** The text to write instead; absent when the leaf is canonical, or not ours to change. */
    private Optional<String> canonical(Leaf leaf) {
        boolean inOneLine = document.lines().at(leaf.content()) == document.lines().at(leaf.end());
        if (leaf.isNull() || leaf.style() == Style.BLOCK || leaf.style() == Style.ALIAS || !inOneLine) {
            return Optional.empty();
        }
        return meanings.typeOf(leaf)
                .map(type -> type.canonical(leaf.text()))
                .filter(text -> !text.equals(leaf.text()) && text.chars().noneMatch(Character::isISOControl));
    }

    static String quoted(Style style, String text) {
        return switch (style) {
            case SINGLE_QUOTED -> "'" + text.replace("'", "''") + "'";
            case DOUBLE_QUOTED -> "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
            case PLAIN, BLOCK, ALIAS -> text;
        };
    }

    private static boolean isAlias(Written node) {
        return node instanceof Leaf leaf && leaf.style() == Style.ALIAS;
    }

    /** Whether the value says the same under the key's own name. */
    private boolean takesOver(ValueType.Alias alias, Written value) {
        return switch (meanings.target(value)) {
            case Leaf leaf when leaf.isNull() -> true;
            case Leaf leaf when leaf.text().contains("${") -> !alias.saysUnit();
            case Leaf leaf when !ValueType.isNumber(leaf.text()) -> alias.takes(leaf.text());
            case Leaf leaf when alias.hasOtherUnit() -> !isAlias(value) && canonical(leaf).isPresent();
            case Leaf leaf -> !alias.saysUnit() || alias.reads(leaf.text());
            case Sequence sequence ->
                sequence.items().stream().map(Item::value).allMatch(item -> takesOver(alias, item));
            case Mapping inner -> true;
        };
    }
}
