package dev.provision.schema.jsonschema;

import java.lang.annotation.Annotation;
import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.RecordComponent;
import java.math.BigDecimal;
import java.util.Map;
import java.util.Optional;

import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Pattern;

/** Says in a schema what a component's constraints say, where JSON Schema can: sizes and durations are texts to it. */
final class Constraints {

    private Constraints() {}

    static void addTo(Map<String, Object> schema, RecordComponent component) {
        on(component, Min.class).ifPresent(min -> schema.put("minimum", min.value()));
        on(component, Max.class).ifPresent(max -> schema.put("maximum", max.value()));
        on(component, DecimalMin.class).ifPresent(min -> schema.put("minimum", new BigDecimal(min.value())));
        on(component, DecimalMax.class).ifPresent(max -> schema.put("maximum", new BigDecimal(max.value())));
        on(component, Pattern.class).ifPresent(
                pattern -> schema.put("pattern", ScalarSchemas.whole(pattern.regexp())));
        if (component.getAnnotatedType() instanceof AnnotatedParameterizedType map) {
            AnnotatedType key = map.getAnnotatedActualTypeArguments()[0];
            Pattern pattern = key.getAnnotation(Pattern.class);
            if (pattern != null) {
                schema.put("propertyNames", Map.of("pattern", ScalarSchemas.whole(pattern.regexp())));
            }
        }
    }

    /** Constraints cannot stand on record components themselves; the compiler copies them to the accessors. */
    private static <A extends Annotation> Optional<A> on(RecordComponent component, Class<A> constraint) {
        return Optional.ofNullable(component.getAccessor().getAnnotation(constraint));
    }
}
