package dev.provision.schema.jsonschema;

import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.util.ArrayList;
import java.util.List;

import jakarta.validation.constraints.Pattern;

import dev.provision.schema.binding.Forms;
import dev.provision.schema.binding.FromScalar;
import dev.provision.schema.binding.RecordShape;

/** The types of JSON that values have which stand at a site; null is not among them. */
final class JsonTypes {

    private JsonTypes() {}

    static List<String> of(Site site) {
        return switch (site.type()) {
            case ParameterizedType list when list.getRawType() == List.class -> List.of("array");
            case Class<?> scalar when Forms.isScalar(scalar) -> site.get(Pattern.class)
                    .map(pattern -> ScalarSchemas.types(pattern.regexp()))
                    .orElseGet(() -> ScalarSchemas.types(scalar));
            case Class<?> record -> of(RecordShape.of(record));
            default -> List.of("object");
        };
    }

    private static List<String> of(RecordShape shape) {
        List<String> types = new ArrayList<>();
        Method factory = shape.fromScalar();
        if (factory != null) {
            String pattern = factory.getAnnotation(FromScalar.class).pattern();
            types.addAll(pattern.isEmpty() ? of(Site.of(factory.getParameters()[0])) : ScalarSchemas.types(pattern));
        }
        if (shape.fromList() != null) {
            types.add("array");
        }
        if (shape.takesMapping()) {
            types.add("object");
        }
        return types;
    }
}
