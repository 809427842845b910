package dev.provision.schema.jsonschema;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

import dev.provision.schema.binding.Forms;
import dev.provision.schema.fleet.CpuSet;
import dev.provision.schema.fleet.DeviceSelector;
import dev.provision.schema.fleet.GpuModel;
import dev.provision.schema.fleet.PortForward;
import dev.provision.schema.fleet.Volume;
import dev.provision.schema.manifest.DeviceEntry;
import dev.provision.schema.manifest.GpuEntry;
import dev.provision.schema.manifest.HttpEntry;
import dev.provision.schema.units.ByteSize;
import dev.provision.schema.units.Cpus;
import dev.provision.schema.units.Durations;

/**
 * The schemas of single values. To the binder a value is its text, in quotes or not, so each of them takes the text too; and
 * each takes a reference to a variable, and null: nothing is said.
 */
final class ScalarSchemas {

    /** What JSON Schema is told of a type: a name, what YAML can take a value for, its text and the bounds of a number. */
    private record Scalar(String name, List<String> types, String pattern, Map<String, Object> bounds) {}

    private static final String OCTET = "(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])";
    private static final String PORT_FORWARD = "\\s*(" + OCTET + "(\\." + OCTET + "){3}:)?" + HttpEntry.PORT + ":"
            + HttpEntry.PORT + "(/(tcp|udp))?\\s*";
    /** The target is a path without {@code .} and {@code ..}, and not the root. */
    private static final String VOLUME = "(?!\\s*~)[^:\\x00]+:(/+(?!\\.{1,2}(/|:|\\s*$))[^/:\\x00]+)+/*(:(ro|rw))?\\s*";
    private static final String CPU_RANGE = "[0-9]{1,9}(-[0-9]{1,9})?";
    private static final String CPU_SET = "\\s*" + CPU_RANGE + "(\\s*,\\s*" + CPU_RANGE + ")*\\s*";
    private static final int LAST_CPU = 8191;

    private static final Map<Class<?>, Scalar> TYPES = Map.of(
            Integer.class, new Scalar("integer", List.of("integer", "string"), "[+-]?[0-9]+", Map.of()),
            Double.class,
            new Scalar("number", List.of("number", "string"), "[+-]?[0-9]+(\\.[0-9]+)?", Map.of()),
            Boolean.class,
            new Scalar("boolean", List.of("boolean", "string"), "true|True|TRUE|false|False|FALSE", Map.of()),
            ByteSize.class,
            new Scalar("size", List.of("string", "number"), ByteSize.PATTERN, Map.of("minimum", 0)),
            Cpus.class,
            new Scalar("cpuAmount", List.of("number", "string"), Cpus.PATTERN,
                    ordered("exclusiveMinimum", 0, "maximum", 2_000_000)),
            CpuSet.class,
            new Scalar("hostCpus", List.of("string", "integer"), CPU_SET, ordered("minimum", 0, "maximum", LAST_CPU)),
            Duration.class, new Scalar("duration", List.of("string"), Durations.PATTERN, Map.of()),
            PortForward.class, new Scalar("portForward", List.of("string"), PORT_FORWARD, Map.of()),
            Volume.class, new Scalar("volume", List.of("string"), VOLUME, Map.of()),
            DeviceSelector.class, new Scalar("pciDevice", List.of("string"), DeviceEntry.PCI, Map.of()));

    /** A text needs no quotes with us; to an editor {@code 12} and {@code true} are no texts. */
    private static final List<String> ANY_SCALAR = List.of("string", "number", "boolean");

    private final Definitions definitions;

    ScalarSchemas(Definitions definitions) {
        this.definitions = definitions;
    }

    private static Map<String, Object> ordered(String key, Object value, String other, Object otherValue) {
        Map<String, Object> bounds = new LinkedHashMap<>();
        bounds.put(key, value);
        bounds.put(other, otherValue);
        return bounds;
    }

    /** What YAML can take a value of the type for. */
    static List<String> types(Class<?> type) {
        Scalar scalar = TYPES.get(type);
        return scalar != null ? scalar.types() : type.isEnum() ? List.of("string") : ANY_SCALAR;
    }

    /** Refers to the schema of the type. */
    Map<String, Object> of(Class<?> type, boolean literal) {
        if (type == String.class) {
            return literal ? definitions.reference("literal", "literal", () -> anyText(References.NONE,
                    "nothing is replaced here; write `$${` for a dollar and a brace")) : plainText();
        }
        if (type.isEnum()) {
            String name = type.getSimpleName().substring(0, 1).toLowerCase(Locale.ROOT)
                    + type.getSimpleName().substring(1);
            return definitions.reference(name, type, () -> alternatives(words(type)));
        }
        Scalar scalar = Objects.requireNonNull(TYPES.get(type), type::toString);
        return definitions.reference(scalar.name(), type, () -> {
            Map<String, Object> schema = matching(scalar.types(), scalar.pattern(), "expected " + Forms.of(type));
            schema.putAll(scalar.bounds());
            return alternatives(List.of(schema));
        });
    }

    private static List<Map<String, Object>> words(Class<?> type) {
        List<Map<String, Object>> forms = new ArrayList<>();
        Map<String, Object> words = new LinkedHashMap<>();
        words.put("enum", Arrays.stream(type.getEnumConstants()).map(Object::toString).toList());
        forms.add(words);
        if (type == GpuModel.class) {
            forms.add(matching(List.of("string"), "\\s*(" + GpuEntry.MODEL + ")\\s*", "expected a GPU such as A100"));
        }
        return forms;
    }

    private Map<String, Object> plainText() {
        return definitions.reference("text", "text", () -> anyText(References.TEXT,
                "`${` begins a reference to a variable; write `$${` for the characters"));
    }

    private static Map<String, Object> anyText(String pattern, String message) {
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put("type", List.of("string", "number", "boolean", "null"));
        schema.put("pattern", pattern);
        schema.put("patternErrorMessage", message);
        return schema;
    }

    /** A number without a unit; {@code memoryMb} takes it. */
    Map<String, Object> plainNumber() {
        return definitions.reference("plainNumber", "plainNumber",
                () -> alternatives(List.of(matching(List.of("number", "string"),
                        "\\s*\\+?[0-9]+(\\.[0-9]+)?\\s*", "expected a number without a unit"))));
    }

    /** A text that looks like this as a whole. */
    Map<String, Object> text(String pattern, String message) {
        if (!"${X}".matches(pattern)) {
            Map<String, Object> schema = matching(types(pattern), pattern, message);
            if (!"-1".matches(pattern) && "1".matches(pattern)) {
                schema.put("minimum", 0);
            }
            return schema;
        }
        Map<String, Object> schema = plainText();
        schema.putAll(pattern(pattern, message));
        return schema;
    }

    /** What YAML can take texts for that match this. */
    static List<String> types(String pattern) {
        List<String> types = new ArrayList<>(List.of("string"));
        if ("1".matches(pattern)) {
            types.add("1.5".matches(pattern) ? "number" : "integer");
        }
        if ("true".matches(pattern)) {
            types.add("boolean");
        }
        return types;
    }

    private static Map<String, Object> matching(List<String> types, String pattern, String message) {
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put("type", types.size() == 1 ? types.getFirst() : types);
        schema.putAll(pattern(pattern, message));
        return schema;
    }

    /** JSON Schema's patterns match anywhere unless told otherwise; editors show the message. */
    static Map<String, Object> pattern(String pattern, String message) {
        return ordered("pattern", "^(" + pattern + ")$", "patternErrorMessage", message);
    }

    /** One of these forms, or a reference, or null; those that refer to a definition have that already. */
    Map<String, Object> alternatives(List<Map<String, Object>> forms) {
        boolean complete = forms.stream().anyMatch(form -> form.containsKey("$ref"));
        if (complete && forms.size() == 1) {
            return forms.getFirst();
        }
        Map<String, Object> schema = new LinkedHashMap<>();
        if (complete) {
            schema.put("anyOf", forms);
            return schema;
        }
        List<Object> all = new ArrayList<>(forms);
        all.add(definitions.reference("reference", "reference", References::schema));
        all.add(new LinkedHashMap<>(Map.of("type", "null")));
        schema.put("anyOf", all);
        return schema;
    }
}
