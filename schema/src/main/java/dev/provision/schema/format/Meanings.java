package dev.provision.schema.format;

import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import dev.provision.schema.binding.ValueType;
import dev.provision.schema.format.Written.Entry;
import dev.provision.schema.format.Written.Leaf;
import dev.provision.schema.format.Written.Mapping;
import dev.provision.schema.format.Written.Sequence;
import dev.provision.schema.format.Written.Style;
import dev.provision.schema.manifest.ManifestEntry;

/**
 * What each node of a document is in the manifest language. A node with an anchor is what all its aliases make of it too: when
 * they disagree, or one stands below an unknown key, it has no meaning, and nobody may touch it.
 */
final class Meanings {

    private final IdentityHashMap<Leaf, Written> targets = new IdentityHashMap<>();
    private final IdentityHashMap<Written, Optional<ValueType>> known = new IdentityHashMap<>();
    private final Set<Mapping> merging = Collections.newSetFromMap(new IdentityHashMap<>());

    private Meanings() {}

    static Meanings of(Mapping root) {
        Meanings meanings = new Meanings();
        meanings.collectTargets(root, new HashMap<>());
        meanings.visit(root, ValueType.of(ManifestEntry.class));
        return meanings;
    }

    /** What the node is; absent when it is nothing that the language knows, or several things. */
    Optional<ValueType> typeOf(Written node) {
        return known.getOrDefault(node, Optional.empty());
    }

    boolean hasAliases() {
        return !targets.isEmpty();
    }

    /** Mappings that take over keys of other mappings, and those. */
    Set<Mapping> merging() {
        return Collections.unmodifiableSet(merging);
    }

    /** The node itself, or the one that it is an alias of. */
    Written target(Written node) {
        return node instanceof Leaf leaf ? targets.getOrDefault(leaf, node) : node;
    }

    /** The key's name, also where an alias stands for it. */
    String key(Entry entry) {
        return target(entry.key()) instanceof Leaf name ? name.text() : entry.key().text();
    }

    /** An alias stands for the last node above it that has its anchor. */
    private void collectTargets(Written node, Map<String, Written> anchors) {
        switch (node) {
            case Leaf leaf when leaf.style() == Style.ALIAS -> {
                Written target = anchors.get(leaf.text());
                if (target != null) {
                    targets.put(leaf, target);
                }
            }
            case Leaf leaf -> {
                // Has nothing below it.
            }
            case Sequence sequence -> sequence.items().forEach(item -> collectTargets(item.value(), anchors));
            case Mapping mapping -> mapping.entries().forEach(entry -> {
                collectTargets(entry.key(), anchors);
                collectTargets(entry.value(), anchors);
            });
        }
        node.place().anchor().ifPresent(name -> anchors.put(name, node));
    }

    /** Each node is seen at most twice, however many aliases there are: with its first meaning and, in case, without one. */
    private void visit(Written node, @Nullable ValueType place) {
        ValueType type = place != null && node instanceof Leaf leaf ? place.of(leaf.text()) : place;
        Optional<ValueType> before = known.get(node);
        if (before != null && (before.isEmpty() || before.get().equals(type))) {
            return;
        }
        ValueType agreed = before == null ? type : null;
        known.put(node, Optional.ofNullable(agreed));
        switch (node) {
            case Leaf leaf -> {
                Written target = targets.get(leaf);
                if (target != null) {
                    visit(target, place);
                }
            }
            case Sequence sequence -> {
                ValueType item = agreed == null ? null : agreed.item().orElse(null);
                sequence.items().forEach(each -> visit(each.value(), item));
            }
            case Mapping mapping -> mapping.entries().forEach(entry -> visit(mapping, entry, agreed));
        }
    }

    private void visit(Mapping mapping, Entry entry, @Nullable ValueType type) {
        visit(entry.key(), null);
        if (entry.isMerge()) {
            merging.add(mapping);
            visitMerged(entry.value(), type);
        } else {
            visit(entry.value(), type == null ? null : type.entry(key(entry)).orElse(null));
        }
    }

    /** {@code <<} takes a mapping or a list of mappings, which are what the mapping around them is. */
    private void visitMerged(Written value, @Nullable ValueType type) {
        switch (target(value)) {
            case Mapping mapping -> {
                merging.add(mapping);
                visit(value, type);
            }
            case Sequence list -> list.items().forEach(item -> visitMerged(item.value(), type));
            case Leaf wrong -> visit(value, null);
        }
    }
}
