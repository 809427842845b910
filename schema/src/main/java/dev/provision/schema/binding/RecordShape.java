package dev.provision.schema.binding;

import java.lang.annotation.Annotation;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import org.jspecify.annotations.Nullable;

/** What binder and JSON Schema know of a record: its keys and its short forms. */
public final class RecordShape {

    /** A key of the record. */
    public record Component(String name, Type type, AnnotatedElement site, String doc, boolean required,
            boolean partial) {}

    private static final Map<Class<?>, RecordShape> KNOWN = new ConcurrentHashMap<>();

    private final List<Component> components;
    private final Constructor<?> constructor;
    private final @Nullable Method fromScalar;
    private final @Nullable Method fromList;

    private RecordShape(Class<?> type) {
        RecordComponent[] declared = type.getRecordComponents();
        List<Component> found = new ArrayList<>();
        for (RecordComponent component : declared) {
            Key key = component.getAnnotation(Key.class);
            if (key != null) {
                found.add(new Component(component.getName(), component.getGenericType(), component, key.value(),
                        key.required(), key.partial()));
            }
        }
        this.components = List.copyOf(found);
        this.constructor = canonicalConstructor(type, declared);
        this.fromScalar = factory(type, FromScalar.class);
        this.fromList = factory(type, FromList.class);
    }

    public static RecordShape of(Class<?> type) {
        return KNOWN.computeIfAbsent(type, RecordShape::new);
    }

    private static Constructor<?> canonicalConstructor(Class<?> type, RecordComponent[] declared) {
        Class<?>[] types = Arrays.stream(declared).map(RecordComponent::getType).toArray(Class<?>[]::new);
        try {
            return type.getDeclaredConstructor(types);
        } catch (NoSuchMethodException e) {
            throw new IllegalStateException("every record has its canonical constructor: " + type, e);
        }
    }

    /** Factories are an affair of the record and this binder, so they need not be public. */
    private static @Nullable Method factory(Class<?> type, Class<? extends Annotation> marker) {
        for (Method method : type.getDeclaredMethods()) {
            if (method.isAnnotationPresent(marker)) {
                method.setAccessible(true);
                return method;
            }
        }
        return null;
    }

    public List<Component> components() {
        return components;
    }

    /** A record whose components carry no {@link Key} has short forms only. */
    public boolean takesMapping() {
        return !components.isEmpty();
    }

    public @Nullable Method fromScalar() {
        return fromScalar;
    }

    public @Nullable Method fromList() {
        return fromList;
    }

    List<String> names() {
        return components.stream().map(Component::name).toList();
    }

    /** All forms in words: {@code a number of CPUs, a list [request, limit] or a mapping}. */
    String forms() {
        List<String> forms = new ArrayList<>();
        if (fromScalar != null) {
            forms.add(fromScalar.getAnnotation(FromScalar.class).value());
        }
        if (fromList != null) {
            forms.add(fromList.getAnnotation(FromList.class).value());
        }
        if (takesMapping()) {
            forms.add("a mapping");
        }
        String last = forms.removeLast();
        return forms.isEmpty() ? last : String.join(", ", forms) + " or " + last;
    }

    Object construct(@Nullable Object[] values) {
        try {
            return constructor.newInstance(values);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("manifest records accept any combination of keys: " + constructor, e);
        }
    }
}
