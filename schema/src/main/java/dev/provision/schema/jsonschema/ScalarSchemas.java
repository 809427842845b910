package dev.provision.schema.jsonschema;

import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.provision.schema.fleet.CpuSet;
import dev.provision.schema.fleet.DeviceSelector;
import dev.provision.schema.fleet.GpuModel;
import dev.provision.schema.fleet.PortForward;
import dev.provision.schema.fleet.Volume;
import dev.provision.schema.units.ByteSize;
import dev.provision.schema.units.Cpus;
import dev.provision.schema.units.Durations;

/** The schemas of single values. */
final class ScalarSchemas {

    private static final Set<Class<?>> RECORDS = Set.of(ByteSize.class, Cpus.class, CpuSet.class,
            PortForward.class, Volume.class);

    private ScalarSchemas() {}

    /** Some quantities are records, yet written as one value. */
    static boolean isScalar(Class<?> record) {
        return RECORDS.contains(record);
    }

    static Map<String, Object> of(Class<?> type) {
        Map<String, Object> schema = new LinkedHashMap<>();
        if (type == GpuModel.class) {
            // Other spellings are taken too: a100-80gb.
            schema.put("type", "string");
            schema.put("examples", Arrays.stream(GpuModel.values()).map(GpuModel::toString).toList());
        } else if (type.isEnum()) {
            schema.put("enum", Arrays.stream(type.getEnumConstants()).map(Object::toString).toList());
        } else if (type == Integer.class) {
            schema.put("type", "integer");
        } else if (type == Double.class) {
            schema.put("type", "number");
        } else if (type == Boolean.class) {
            schema.put("type", "boolean");
        } else if (type == Duration.class) {
            text(schema, "string", Durations.PATTERN);
        } else if (type == PortForward.class) {
            text(schema, "string", PortForward.PATTERN);
        } else if (type == Volume.class) {
            text(schema, "string", Volume.PATTERN);
        } else if (type == DeviceSelector.class) {
            text(schema, "string", DeviceSelector.PCI_PATTERN);
        } else if (type == CpuSet.class) {
            text(schema, List.of("string", "integer"), CpuSet.PATTERN);
        } else if (type == ByteSize.class || type == Cpus.class) {
            text(schema, List.of("string", "number"), type == Cpus.class ? Cpus.PATTERN : ByteSize.PATTERN);
            schema.put(type == Cpus.class ? "exclusiveMinimum" : "minimum", 0);
        } else {
            // A text needs no quotes with us; to an editor `12` and `no` are no texts.
            schema.put("type", List.of("string", "number", "boolean"));
        }
        return schema;
    }

    private static void text(Map<String, Object> schema, Object type, String pattern) {
        schema.put("type", type);
        schema.put("pattern", whole(pattern));
    }

    /** JSON Schema's patterns match anywhere unless told otherwise. */
    static String whole(String pattern) {
        return "^(" + pattern + ")$";
    }
}
