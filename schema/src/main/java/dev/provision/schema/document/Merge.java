package dev.provision.schema.document;

import java.util.LinkedHashMap;

import dev.provision.schema.document.Node.Entry;
import dev.provision.schema.document.Node.Mapping;
import dev.provision.schema.document.Node.Scalar;

/**
 * Lays one mapping over another: mappings merge, lists and single values replace, {@code null} removes. Done on nodes, so
 * that every value keeps the place it was written in.
 */
public final class Merge {

    private Merge() {}

    public static Mapping over(Mapping base, Mapping upper) {
        LinkedHashMap<String, Entry> merged = new LinkedHashMap<>(base.entries());
        upper.entries().forEach((key, entry) -> {
            Entry below = merged.get(key);
            if (entry.value() instanceof Scalar scalar && scalar.isNull()) {
                merged.remove(key);
            } else if (entry.value() instanceof Mapping higher) {
                // Also over nothing: a null in a mapping that nobody wrote below removes nothing, but must not stay.
                Mapping lower = below != null && below.value() instanceof Mapping mapping ? mapping
                        : Mapping.empty(higher.span());
                merged.put(key, new Entry(entry.key(), over(lower, higher)));
            } else {
                merged.put(key, entry);
            }
        });
        return new Mapping(merged, upper.span());
    }
}
