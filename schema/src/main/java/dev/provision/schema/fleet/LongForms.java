package dev.provision.schema.fleet;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.provision.schema.diagnostics.Span;
import dev.provision.schema.document.Node;
import dev.provision.schema.document.Node.Entry;
import dev.provision.schema.document.Node.Mapping;
import dev.provision.schema.document.Node.Scalar;
import dev.provision.schema.document.Node.Sequence;

/**
 * Writes the short forms of {@code cpus} and {@code memory} out where another layer's mapping is laid over them:
 * {@code memory: {max: 4GiB}} over a profile's {@code memory: 1GiB} adds a ceiling, it does not forget the limit.
 */
final class LongForms {

    private static final List<String> RANGES = List.of("cpus", "memory");

    private LongForms() {}

    /** {@code base}, fit to have {@code upper} laid over it. */
    static Mapping under(Mapping upper, Mapping base) {
        Mapping resources = base.child("resources");
        LinkedHashMap<String, Entry> written = new LinkedHashMap<>(resources.entries());
        for (String range : RANGES) {
            Entry above = upper.child("resources").entries().get(range);
            if (above != null && above.value() instanceof Mapping) {
                written.computeIfPresent(range, (key, entry) -> new Entry(entry.key(), longForm(entry.value())));
            }
        }
        if (written.equals(resources.entries())) {
            return base;
        }
        LinkedHashMap<String, Entry> all = new LinkedHashMap<>(base.entries());
        all.computeIfPresent("resources",
                (key, entry) -> new Entry(entry.key(), new Mapping(written, resources.span())));
        return new Mapping(all, base.span());
    }

    private static Node longForm(Node node) {
        LinkedHashMap<String, Entry> range = new LinkedHashMap<>();
        switch (node) {
            case Scalar limit when !limit.isNull() -> put(range, "limit", limit);
            case Sequence bounds when bounds.items().size() == 2 -> {
                put(range, "request", bounds.items().getFirst());
                put(range, "limit", bounds.items().getLast());
            }
            case Node other -> {
                return other;
            }
        }
        return new Mapping(range, node.span());
    }

    private static void put(Map<String, Entry> range, String key, Node value) {
        Span place = value.span();
        range.put(key, new Entry(new Scalar(key, true, place), value));
    }
}
