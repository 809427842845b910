package dev.provision.schema.format;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import dev.provision.schema.format.Written.Entry;
import dev.provision.schema.format.Written.Leaf;
import dev.provision.schema.format.Written.Mapping;
import dev.provision.schema.format.Written.Sequence;
import dev.provision.schema.format.Written.Style;

/**
 * Which entries of a mapping must stay behind which others because of their anchors: an alias behind its anchor, and an
 * anchor behind all that concerns an earlier one of its name.
 */
final class AnchorUse {

    private final List<Set<Integer>> before = new ArrayList<>();
    private final Map<String, Integer> lastDefinition = new HashMap<>();
    private final Map<String, Set<Integer>> usesSince = new HashMap<>();

    AnchorUse(Mapping mapping) {
        for (Entry entry : mapping.entries()) {
            before.add(new HashSet<>());
            visit(entry);
        }
    }

    /** The entries that must stand above this one; places in the mapping, counted from 0. */
    Set<Integer> before(int entry) {
        return before.get(entry);
    }

    private void visit(Entry entry) {
        visit(entry.key());
        visit(entry.value());
    }

    private void visit(Written node) {
        node.place().anchor().ifPresent(this::define);
        switch (node) {
            case Leaf leaf -> {
                if (leaf.style() == Style.ALIAS) {
                    use(leaf.text());
                }
            }
            case Sequence sequence -> sequence.items().forEach(item -> visit(item.value()));
            case Mapping mapping -> mapping.entries().forEach(this::visit);
        }
    }

    private void use(String anchor) {
        follow(lastDefinition.get(anchor));
        usesSince.computeIfAbsent(anchor, name -> new HashSet<>()).add(here());
    }

    private void define(String anchor) {
        follow(lastDefinition.put(anchor, here()));
        Set<Integer> uses = usesSince.remove(anchor);
        if (uses != null) {
            uses.forEach(this::follow);
        }
    }

    private int here() {
        return before.size() - 1;
    }

    private void follow(@Nullable Integer entry) {
        if (entry != null && entry != here()) {
            before.getLast().add(entry);
        }
    }
}
