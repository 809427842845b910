package dev.provision.schema.jsonschema;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import dev.provision.schema.binding.Key;
import dev.provision.schema.binding.RecordShape;
import dev.provision.schema.units.ByteSize;
import dev.provision.schema.units.ByteSize.BareUnit;

/** Other names of keys: editors take them, do not offer them, and say which key is meant. */
final class AliasSchemas {

    private final RecordSchemas records;
    private final ScalarSchemas scalars;
    private final Definitions definitions;

    AliasSchemas(RecordSchemas records, ScalarSchemas scalars, Definitions definitions) {
        this.records = records;
        this.scalars = scalars;
        this.definitions = definitions;
    }

    /**
     * The schema of what stands under another name.
     *
     * @param own
     *            the schema of what stands under the key itself
     */
    Map<String, Object> property(RecordShape.Component key, Key.Alias alias, Place place, Map<String, Object> own) {
        Map<String, Object> schema = new LinkedHashMap<>();
        String meant = alias.into().isEmpty() ? key.name() : key.name() + "." + alias.into();
        schema.put("description",
                "another name of `" + meant + "`" + (alias.namesUnit() ? ", a number of " + alias.unit()
                        : alias.unit().isEmpty() ? "" : "; a bare number is " + alias.unit()));
        // Not beside a $ref: editors would take what follows for a part of it.
        schema.put("allOf", List.of(!alias.into().isEmpty()
                ? records.value(Site.of(shape(key).key(alias.into())), place)
                : alias.unit().isEmpty() ? own : inUnit(key, alias, place)));
        schema.put("deprecated", true);
        schema.put("doNotSuggest", true);
        return schema;
    }

    private Map<String, Object> inUnit(RecordShape.Component key, Key.Alias alias, Place place) {
        if (key.type() == ByteSize.class) {
            return size(Site.of(key), alias);
        }
        String name = key.name() + "In" + alias.unit();
        return definitions.reference(name, alias.unit(), () -> range(key, alias, place));
    }

    private Map<String, Object> size(Site site, Key.Alias alias) {
        Map<String, Object> schema = alias.namesUnit() ? scalars.plainNumber() : scalars.of(ByteSize.class, false);
        Bounds.addSizes(schema, site, BareUnit.valueOf(alias.unit().toUpperCase(Locale.ROOT)));
        return schema;
    }

    /** {@code memoryMb} takes a number or two; what stands in a mapping has units of its own. */
    private Map<String, Object> range(RecordShape.Component key, Key.Alias alias, Place place) {
        RecordShape shape = shape(key);
        Map<String, Object> pair = new LinkedHashMap<>();
        pair.put("type", "array");
        pair.put("prefixItems", shape.listKeys().stream().map(item -> {
            Map<String, Object> schema = size(Site.of(shape.key(item)), alias);
            schema.put("type", List.of("number", "string"));
            return schema;
        }).toList());
        pair.put("minItems", shape.listKeys().size());
        pair.put("maxItems", shape.listKeys().size());
        Map<String, Object> mapping = records.value(Site.of(key), place);
        mapping.put("type", "object");
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put("anyOf", List.of(size(Site.of(shape.key(shape.scalarKey())), alias), pair, mapping));
        return schema;
    }

    private static RecordShape shape(RecordShape.Component key) {
        if (!(key.type() instanceof Class<?> record)) {
            throw new IllegalStateException("not a record: " + key);
        }
        return RecordShape.of(record);
    }

    /** Of several names of one key only one may stand in a mapping. */
    Map<String, Object> conflicts(RecordShape shape) {
        Map<String, Object> conflicts = new LinkedHashMap<>();
        for (RecordShape.Component key : shape.components()) {
            List<String> wholes = new ArrayList<>(List.of(key.name()));
            List<String> parts = new ArrayList<>();
            for (Key.Alias alias : key.aliases()) {
                if (alias.into().isEmpty()) {
                    conflicts.put(alias.value(), forbidden(wholes, Map.of(), List.of()));
                    wholes.add(alias.value());
                }
            }
            for (Key.Alias alias : key.aliases()) {
                if (!alias.into().isEmpty()) {
                    Map<String, Object> without = definitions.reference(key.name() + "Without-" + alias.into(), key,
                            () -> without(alias.into()));
                    conflicts.put(alias.value(), forbidden(parts, without, wholes));
                    parts.add(alias.value());
                }
            }
        }
        return conflicts.isEmpty() ? Map.of() : Map.of("dependentSchemas", conflicts);
    }

    /** None of {@code keys}; those of {@code others} only as {@code otherwise} has it. */
    private static Map<String, Object> forbidden(List<String> keys, Map<String, Object> otherwise,
            List<String> others) {
        Map<String, Object> properties = new LinkedHashMap<>();
        keys.forEach(key -> properties.put(key, false));
        others.forEach(key -> properties.put(key, otherwise));
        return Map.of("properties", properties);
    }

    /** Not a mapping with this key, and not a list, which stands for one. */
    private static Map<String, Object> without(String key) {
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put("not", Map.of("type", "array"));
        schema.put("properties", Map.of(key, false));
        return schema;
    }
}
