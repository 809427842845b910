package dev.provision.schema.format;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import dev.provision.schema.binding.ValueType;
import dev.provision.schema.format.Written.Entry;
import dev.provision.schema.format.Written.Mapping;

/**
 * The order of a mapping's entries: merge keys, then the keys of the language in its order, then unknown keys as they stand.
 * Mappings whose keys are names keep theirs. An anchor stays above its aliases: what that keeps from its place comes as
 * soon after it as possible.
 */
final class KeyOrder {

    private final Meanings meanings;

    KeyOrder(Meanings meanings) {
        this.meanings = meanings;
    }

    /** Places of the entries, counted from 0, in the order that the entries shall have. */
    List<Integer> of(Mapping mapping) {
        List<Integer> asWritten = IntStream.range(0, mapping.entries().size()).boxed().toList();
        Optional<ValueType> type = meanings.typeOf(mapping).filter(ValueType::hasKeys);
        if (type.isEmpty()) {
            return asWritten;
        }
        List<Integer> ranks = mapping.entries().stream().map(entry -> rank(entry, type.get())).toList();
        Comparator<Integer> byRank = Comparator.<Integer, Integer>comparing(ranks::get)
                .thenComparing(Comparator.naturalOrder());
        return meanings.hasAliases() ? respectingAnchors(mapping, byRank)
                : asWritten.stream().sorted(byRank).collect(Collectors.toList());
    }

    private int rank(Entry entry, ValueType type) {
        return entry.isMerge() ? -1 : type.rank(meanings.key(entry)).orElse(Integer.MAX_VALUE);
    }

    /** Kahn's algorithm: again and again the first entry that waits for none of those which are left. */
    private static List<Integer> respectingAnchors(Mapping mapping, Comparator<Integer> wanted) {
        AnchorUse anchors = new AnchorUse(mapping);
        int size = mapping.entries().size();
        List<List<Integer>> waiting = IntStream.range(0, size).<List<Integer>>mapToObj(i -> new ArrayList<>()).toList();
        int[] missing = new int[size];
        PriorityQueue<Integer> free = new PriorityQueue<>(wanted);
        for (int i = 0; i < size; i++) {
            for (int before : anchors.before(i)) {
                waiting.get(before).add(i);
            }
            missing[i] = anchors.before(i).size();
            if (missing[i] == 0) {
                free.add(i);
            }
        }
        List<Integer> order = new ArrayList<>();
        while (!free.isEmpty()) {
            int next = free.remove();
            order.add(next);
            for (int other : waiting.get(next)) {
                if (--missing[other] == 0) {
                    free.add(other);
                }
            }
        }
        return order;
    }
}
