package dev.provision.schema.binding;

import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;

import dev.provision.schema.document.Node;
import dev.provision.schema.document.Node.Entry;
import dev.provision.schema.document.Node.Mapping;
import dev.provision.schema.document.Node.Scalar;
import dev.provision.schema.document.Node.Sequence;

/** Takes items out of lists. Each node is looked at once, so that anchors keep sharing their subtrees. */
final class Pruning {

    private final IdentityHashMap<Sequence, List<Node>> kept;
    private final IdentityHashMap<Node, Node> done = new IdentityHashMap<>();

    /**
     * @param kept
     *            the lists that lose items, by identity, and the items that stay
     */
    Pruning(IdentityHashMap<Sequence, List<Node>> kept) {
        this.kept = kept;
    }

    Node of(Node node) {
        Node known = done.get(node);
        if (known != null) {
            return known;
        }
        Node pruned = switch (node) {
            case Scalar scalar -> scalar;
            case Sequence list ->
                new Sequence(kept.getOrDefault(list, list.items()).stream().map(this::of).toList(), list.span());
            case Mapping mapping -> {
                LinkedHashMap<String, Entry> entries = new LinkedHashMap<>();
                mapping.entries().forEach((key, entry) -> entries.put(key, new Entry(entry.key(), of(entry.value()))));
                yield new Mapping(entries, mapping.span());
            }
        };
        done.put(node, pruned);
        return pruned;
    }
}
