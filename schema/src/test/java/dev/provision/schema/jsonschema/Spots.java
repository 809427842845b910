package dev.provision.schema.jsonschema;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

import dev.provision.schema.binding.Forms;
import dev.provision.schema.binding.Key;
import dev.provision.schema.binding.RecordShape;

/** Every place where a value can stand: each key under each of its names, each item of a list, each value of a mapping. */
final class Spots {

    /**
     * One place.
     *
     * @param path
     *            {@code resources.memory.limit}, {@code ports[]} for an item, {@code env.x} for a value of a mapping
     * @param key
     *            the key it is the value of; for an item or a value of a mapping that of the whole
     * @param mapping
     *            from the entries of the mapping that the key stands in, as YAML, to the whole
     * @param entry
     *            from the value to the entry
     */
    record Spot(String path, RecordShape.Component key, UnaryOperator<String> mapping, UnaryOperator<String> entry) {

        /** What has this value in this place and nothing else. */
        String with(String value) {
            return mapping.apply(entry.apply(value));
        }

        /** It is a key's own name, no alias of it and nothing within its value. */
        boolean isKey() {
            return path.substring(path.lastIndexOf('.') + 1).equals(key.name());
        }
    }

    private final Predicate<String> sections;
    private final List<Spot> found = new ArrayList<>();

    private Spots(Predicate<String> sections) {
        this.sections = sections;
    }

    /** The places in a record of this type; {@code keys} says which of its own. */
    static List<Spot> of(Class<?> record, Predicate<String> keys) {
        Spots spots = new Spots(keys);
        spots.record(record, "", entries -> entries);
        return spots.found;
    }

    private void record(Class<?> record, String path, UnaryOperator<String> around) {
        for (RecordShape.Component key : RecordShape.of(record).components()) {
            if (path.isEmpty() && !sections.test(key.name())) {
                continue;
            }
            Spot own = spot(key, key.name(), path, around);
            found.add(own);
            for (Key.Alias alias : key.aliases()) {
                found.add(spot(key, alias.value(), path, around));
            }
            within(key.type(), key, own);
        }
    }

    private static Spot spot(RecordShape.Component key, String name, String path, UnaryOperator<String> around) {
        return new Spot(path + name, key, entries -> around.apply("{" + entries + "}"), value -> name + ": " + value);
    }

    private void within(Type type, RecordShape.Component key, Spot spot) {
        switch (type) {
            case ParameterizedType list when list.getRawType() == List.class ->
                inner(list.getActualTypeArguments()[0], key,
                        new Spot(spot.path() + "[]", key, spot.mapping(),
                                value -> spot.entry().apply("[" + value + "]")));
            case ParameterizedType map when map.getRawType() == Map.class ->
                inner(map.getActualTypeArguments()[1], key,
                        new Spot(spot.path() + ".x", key, spot.mapping(),
                                value -> spot.entry().apply("{x: " + value + "}")));
            case Class<?> scalar when Forms.isScalar(scalar) -> {
            }
            case Class<?> record -> record(record, spot.path() + ".", spot::with);
            default -> throw new IllegalStateException(type.toString());
        }
    }

    private void inner(Type type, RecordShape.Component key, Spot spot) {
        found.add(spot);
        within(type, key, spot);
    }
}
