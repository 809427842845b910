package dev.provision.schema.jsonschema;

import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.provision.schema.binding.FromList;
import dev.provision.schema.binding.FromScalar;
import dev.provision.schema.binding.RecordShape;
import dev.provision.schema.manifest.ManifestEntry;

/**
 * Generates the JSON Schema (draft 2020-12) of the manifest, for editors. It lets through what it cannot say, such as
 * bounds of sizes; of what the binder takes it refuses oddities only, such as {@code -0} for a size.
 */
public final class JsonSchema {

    private final Map<String, Object> definitions = new LinkedHashMap<>();

    private JsonSchema() {}

    /** The schema as text, ending with a newline. */
    public static String generate() {
        JsonSchema generator = new JsonSchema();
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put("$schema", "https://json-schema.org/draft/2020-12/schema");
        schema.put("title", "provision manifest");
        schema.putAll(generator.mapping(RecordShape.of(ManifestEntry.class), false));
        schema.put("$defs", generator.definitions);
        return JsonText.of(schema);
    }

    private Map<String, Object> type(Type type, boolean partial) {
        return switch (type) {
            case ParameterizedType generic when generic.getRawType() == List.class ->
                list(generic.getActualTypeArguments()[0], partial);
            case ParameterizedType generic when generic.getRawType() == Map.class ->
                map(generic.getActualTypeArguments()[1], partial);
            case Class<?> record when record.isRecord() && !ScalarSchemas.isScalar(record) ->
                reference(record, partial);
            case Class<?> scalar -> ScalarSchemas.of(scalar);
            default -> throw new IllegalStateException("no manifest type: " + type);
        };
    }

    private Map<String, Object> list(Type item, boolean partial) {
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put("type", "array");
        schema.put("items", type(item, partial));
        return schema;
    }

    private Map<String, Object> map(Type value, boolean partial) {
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put("type", "object");
        schema.put("additionalProperties", orNull(type(value, partial)));
        return schema;
    }

    private Map<String, Object> reference(Class<?> record, boolean partial) {
        String name = record.getSimpleName().replaceFirst("Entry$", "");
        if (!definitions.containsKey(name)) {
            definitions.put(name, Map.of());
            definitions.put(name, definition(RecordShape.of(record), partial));
        }
        return new LinkedHashMap<>(Map.of("$ref", "#/$defs/" + name));
    }

    /** A mapping, or one of the forms that the record's factories take. */
    private Map<String, Object> definition(RecordShape shape, boolean partial) {
        List<Object> forms = new ArrayList<>();
        Method fromScalar = shape.fromScalar();
        if (fromScalar != null) {
            forms.add(shortForm(fromScalar, fromScalar.getAnnotation(FromScalar.class), partial));
        }
        Method fromList = shape.fromList();
        if (fromList != null) {
            forms.add(listForm(fromList, fromList.getAnnotation(FromList.class), partial));
        }
        if (shape.takesMapping()) {
            forms.add(mapping(shape, partial));
        }
        return anyOf(forms);
    }

    private Map<String, Object> shortForm(Method factory, FromScalar form, boolean partial) {
        Map<String, Object> schema = type(factory.getGenericParameterTypes()[0], partial);
        schema.put("description", form.value());
        if (!form.pattern().equals(".*")) {
            schema.put("pattern", ScalarSchemas.whole(form.pattern()));
        }
        return schema;
    }

    private Map<String, Object> listForm(Method factory, FromList form, boolean partial) {
        Map<String, Object> schema = type(factory.getGenericParameterTypes()[0], partial);
        schema.put("description", form.value());
        if (form.items() > 0) {
            schema.put("minItems", form.items());
            schema.put("maxItems", form.items());
        }
        return schema;
    }

    /** Keys that a layer leaves to another one are not required of it. */
    private Map<String, Object> mapping(RecordShape shape, boolean partial) {
        Map<String, Object> properties = new LinkedHashMap<>();
        List<Object> required = new ArrayList<>();
        for (RecordShape.Component component : shape.components()) {
            boolean mustBeThere = component.required() && !partial;
            Map<String, Object> schema = type(component.type(), partial || component.partial());
            if (component.site() instanceof RecordComponent site) {
                Constraints.addTo(schema, site);
            }
            schema = mustBeThere ? schema : orNull(schema);
            schema.put("description", component.doc());
            properties.put(component.name(), schema);
            if (mustBeThere) {
                required.add(component.name());
            }
        }
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put("type", "object");
        schema.put("properties", properties);
        if (!required.isEmpty()) {
            schema.put("required", required);
        }
        schema.put("additionalProperties", false);
        return schema;
    }

    /** A key without a value is as good as absent, and takes back what a lower layer says. */
    private static Map<String, Object> orNull(Map<String, Object> schema) {
        return anyOf(List.of(schema, Map.of("type", "null")));
    }

    private static Map<String, Object> anyOf(List<Object> forms) {
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put("anyOf", forms);
        return schema;
    }
}
