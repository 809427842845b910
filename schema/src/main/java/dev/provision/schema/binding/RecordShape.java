package dev.provision.schema.binding;

import java.lang.annotation.Annotation;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import dev.provision.schema.document.Node;
import dev.provision.schema.document.Node.Entry;
import dev.provision.schema.document.Node.Mapping;
import dev.provision.schema.document.Node.Scalar;
import dev.provision.schema.document.Node.Sequence;

/** What binder and JSON Schema know of a record: its keys and its short forms. */
public final class RecordShape {

    /** A key of the record. */
    public record Component(String name, Type type, AnnotatedElement site, Key key) {

        /** What the key says. */
        public String doc() {
            return key.value();
        }

        public boolean required() {
            return key.required();
        }

        public boolean partial() {
            return key.partial();
        }

        /** What stands here is taken as it is written. */
        public boolean literal() {
            return key.literal();
        }

        /** Other names that are taken for it. */
        public List<Key.Alias> aliases() {
            return List.of(key.aliases());
        }

        /** The value that holds where nobody says one, as YAML; may be empty. */
        public String standard() {
            return key.standard();
        }

        /** What holds where nobody says anything, in words; may be empty. */
        public String otherwise() {
            return key.standard().isEmpty() ? key.otherwise() : key.standard();
        }

        /** What the key says and what holds without it. */
        public String description() {
            return otherwise().isEmpty() ? doc() : doc() + "; " + otherwise() + " unless told otherwise";
        }

        /** Values that can be written, as YAML. */
        public List<String> examples() {
            return List.of(key.examples());
        }

        /** How much a change of it disturbs a machine that runs; may be empty. */
        public String change() {
            return key.change();
        }

        /** What one of the records that stand here is called; empty: as ever. */
        public String as() {
            return key.as();
        }

        /** Keys that the records have which stand here, but not in this place. */
        public Set<String> without() {
            return Set.of(key.without());
        }
    }

    private static final Map<Class<?>, RecordShape> KNOWN = new ConcurrentHashMap<>();

    private final List<Component> components;
    private final Map<String, Component> byName;
    private final Map<String, Component> byAlias = new HashMap<>();
    private final Constructor<?> constructor;
    private final @Nullable Method fromScalar;
    private final @Nullable Method fromList;
    private final @Nullable Method toScalar;

    private RecordShape(Class<?> type) {
        RecordComponent[] declared = type.getRecordComponents();
        List<Component> found = new ArrayList<>();
        for (RecordComponent component : declared) {
            Key key = component.getAnnotation(Key.class);
            if (key != null) {
                String name = key.name().isEmpty() ? component.getName() : key.name();
                found.add(new Component(name, component.getGenericType(), component, key));
            }
        }
        this.components = List.copyOf(found);
        this.byName = components.stream().collect(Collectors.toUnmodifiableMap(Component::name, Function.identity()));
        components.forEach(component -> component.aliases().forEach(alias -> byAlias.put(alias.value(), component)));
        this.constructor = canonicalConstructor(type, declared);
        this.fromScalar = factory(type, FromScalar.class);
        this.fromList = factory(type, FromList.class);
        this.toScalar = factory(type, ToScalar.class);
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

    @Nullable
    Method toScalar() {
        return toScalar;
    }

    List<String> names() {
        return components.stream().map(Component::name).toList();
    }

    /** The key of this name, which there is. */
    public Component key(String name) {
        return component(name).orElseThrow(() -> new IllegalArgumentException(name));
    }

    /** The key of this name. */
    Optional<Component> component(String name) {
        return Optional.ofNullable(byName.get(name));
    }

    /** The key that goes by this other name too. */
    Optional<Component> aliased(String alias) {
        return Optional.ofNullable(byAlias.get(alias));
    }

    boolean knows(String keyOrAlias) {
        return byName.containsKey(keyOrAlias) || byAlias.containsKey(keyOrAlias);
    }

    /** The mapping that a short form stands for; the node itself when it is none, or stands for no mapping. */
    Node longForm(Node node) {
        LinkedHashMap<String, Entry> written = new LinkedHashMap<>();
        switch (node) {
            case Scalar value when fromScalar != null && !value.isNull() ->
                put(written, fromScalar.getAnnotation(FromScalar.class).key(), value);
            case Sequence list when fromList != null -> {
                String[] keys = fromList.getAnnotation(FromList.class).keys();
                for (int i = 0; keys.length == list.items().size() && i < keys.length; i++) {
                    put(written, keys[i], list.items().get(i));
                }
            }
            case Node other -> {
                // Has its long form, or none.
            }
        }
        return written.isEmpty() ? node : new Mapping(written, node.span());
    }

    private static void put(Map<String, Entry> written, String key, Node value) {
        if (!key.isEmpty()) {
            written.put(key, new Entry(new Scalar(key, true, value.span()), value));
        }
    }

    /** The key that the scalar form gives a value to; empty: none in particular. */
    public String scalarKey() {
        return fromScalar == null ? "" : fromScalar.getAnnotation(FromScalar.class).key();
    }

    /** The keys that the items of the list form give values to; empty: none in particular. */
    public List<String> listKeys() {
        return fromList == null ? List.of() : List.of(fromList.getAnnotation(FromList.class).keys());
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
