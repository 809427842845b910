package dev.provision.schema.jsonschema;

import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.provision.schema.binding.FromList;
import dev.provision.schema.binding.FromScalar;
import dev.provision.schema.binding.RecordShape;

/** The schemas of what the factories of records take in place of a mapping: a single value, a list. */
final class ShortForms {

    private final RecordSchemas records;
    private final ScalarSchemas scalars;

    ShortForms(RecordSchemas records, ScalarSchemas scalars) {
        this.records = records;
        this.scalars = scalars;
    }

    List<Map<String, Object>> of(RecordShape shape, Place place) {
        List<Map<String, Object>> forms = new ArrayList<>();
        if (shape.fromScalar() != null) {
            forms.addAll(scalarForms(shape, shape.fromScalar(), place));
        }
        if (shape.fromList() != null) {
            forms.add(listForm(shape, shape.fromList(), place));
        }
        return forms;
    }

    /** A form that gives a value to one key is that key's value. */
    private List<Map<String, Object>> scalarForms(RecordShape shape, Method factory, Place place) {
        FromScalar form = factory.getAnnotation(FromScalar.class);
        Parameter parameter = factory.getParameters()[0];
        if (!form.key().isEmpty()) {
            return List.of(records.value(Site.of(shape.key(form.key())), place));
        }
        if (form.words().length == 0 && form.pattern().isEmpty()) {
            return List.of(records.value(Site.of(parameter), place));
        }
        List<Map<String, Object>> forms = new ArrayList<>();
        // The pattern first: it is the first form whose message editors show.
        if (!form.pattern().isEmpty()) {
            Map<String, Object> schema = scalars.text(form.pattern(), "expected " + form.value());
            Bounds.addTo(schema, Site.of(parameter));
            forms.add(schema);
        }
        if (form.words().length > 0) {
            Map<String, Object> words = new LinkedHashMap<>();
            words.put("enum", Arrays.stream(form.words()).map(CoreTypes::parse).toList());
            forms.add(words);
        }
        return forms;
    }

    private Map<String, Object> listForm(RecordShape shape, Method factory, Place place) {
        FromList form = factory.getAnnotation(FromList.class);
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put("type", "array");
        if (!form.first().isEmpty()) {
            Map<String, Object> first = scalars.text(form.first(), "expected a program");
            first.put("type", ScalarSchemas.types(form.first()));
            schema.put("prefixItems", List.of(first));
        }
        if (form.keys().length > 0) {
            schema.put("prefixItems",
                    Arrays.stream(form.keys()).map(key -> records.present(Site.of(shape.key(key)), place)).toList());
        } else {
            schema.put("items", records.present(Site.of(factory.getParameters()[0]).argument(0), place));
        }
        if (form.items() + form.atLeast() > 0) {
            schema.put("minItems", Math.max(form.items(), form.atLeast()));
        }
        if (form.items() > 0) {
            schema.put("maxItems", form.items());
        }
        return schema;
    }
}
