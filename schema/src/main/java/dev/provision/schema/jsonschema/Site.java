package dev.provision.schema.jsonschema;

import java.lang.annotation.Annotation;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.Parameter;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.List;
import java.util.Optional;

import dev.provision.schema.binding.RecordShape;

/** A place in a record that has a type and may have constraints: a component, a factory's parameter, a type argument. */
record Site(AnnotatedType annotatedType, List<AnnotatedElement> annotated) {
    Site {
        annotated = List.copyOf(annotated);
    }

    /** Constraints cannot stand on record components themselves; the compiler copies them to the accessors. */
    static Site of(RecordShape.Component component) {
        if (!(component.site() instanceof RecordComponent site)) {
            throw new IllegalStateException("keys are components of records: " + component);
        }
        return new Site(site.getAnnotatedType(), List.of(site, site.getAccessor()));
    }

    static Site of(Parameter parameter) {
        return new Site(parameter.getAnnotatedType(), List.of(parameter));
    }

    Type type() {
        return annotatedType.getType();
    }

    /** What a list or a mapping holds: argument 0 or 1 of its type; a value of another unit than MiB says so on the whole. */
    Site argument(int index) {
        if (!(annotatedType instanceof AnnotatedParameterizedType generic)) {
            throw new IllegalStateException("no list, no mapping: " + annotatedType);
        }
        AnnotatedType argument = generic.getAnnotatedActualTypeArguments()[index];
        return new Site(argument, List.of(argument));
    }

    <A extends Annotation> Optional<A> get(Class<A> type) {
        return annotated.stream()
                .map(element -> Optional.ofNullable(element.getAnnotation(type)))
                .flatMap(Optional::stream)
                .findFirst();
    }
}
