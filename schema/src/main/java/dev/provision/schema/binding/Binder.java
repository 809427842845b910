package dev.provision.schema.binding;

import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

import dev.provision.schema.diagnostics.Code;
import dev.provision.schema.diagnostics.Diagnostic;
import dev.provision.schema.diagnostics.Problems;
import dev.provision.schema.diagnostics.Span;
import dev.provision.schema.diagnostics.Suggestion;
import dev.provision.schema.document.Node;
import dev.provision.schema.document.Node.Entry;
import dev.provision.schema.document.Node.Mapping;
import dev.provision.schema.document.Node.Scalar;
import dev.provision.schema.document.Node.Sequence;
import dev.provision.schema.units.ByteSize;
import dev.provision.schema.units.ByteSize.BareUnit;
import dev.provision.schema.units.QuantityFormatException;

/**
 * Binds nodes to records. Each component of a record is a key; a component that is absent or wrong is null. Reports
 * every problem and goes on: unknown keys, wrong types, unreadable values, missing keys.
 */
public final class Binder {

    private final Problems problems;
    /** More than zero while a mapping is bound that another one may still complete. */
    private int partial;
    /** The lists of which some items could not be read, each with the items that could. */
    private final IdentityHashMap<Sequence, List<Node>> readable = new IdentityHashMap<>();

    public Binder(Problems problems) {
        this.problems = problems;
    }

    /** Binds a mapping, or a short form that {@code type} declares; null when it is neither, which is then reported. */
    public <T extends Record> @Nullable T bind(Class<T> type, Node node) {
        return type.cast(record(RecordShape.of(type), node, "here"));
    }

    /** The document without the items of lists that could not be read: its lists are as long as those in the records. */
    public Mapping readable(Mapping root) {
        return readable.isEmpty() ? root : (Mapping) new Pruning(readable).of(root);
    }

    private @Nullable Object value(Type type, AnnotatedElement site, Node node, String key) {
        return switch (type) {
            case ParameterizedType generic when generic.getRawType() == List.class ->
                list(generic.getActualTypeArguments()[0], site, node, key);
            case ParameterizedType generic when generic.getRawType() == Map.class ->
                map(generic.getActualTypeArguments()[1], site, node, key);
            case Class<?> simple when Scalars.of(simple) != null -> scalar(simple, site, node, key);
            case Class<?> simple when simple.isRecord() -> record(RecordShape.of(simple), node, key);
            default -> throw new IllegalStateException("no manifest type: " + type);
        };
    }

    private @Nullable Object scalar(Class<?> type, AnnotatedElement site, Node node, String key) {
        Scalars.ScalarType scalarType = Objects.requireNonNull(Scalars.of(type));
        if (!(node instanceof Scalar scalar) || scalar.isNull()) {
            return wrongForm(node, key, scalarType.noun());
        }
        try {
            Bare bare = site.getAnnotation(Bare.class);
            if (type == ByteSize.class) {
                DecimalUnit.hint(scalar, key).ifPresent(problems::add);
            }
            return scalarType.reader().read(scalar.text(), bare == null ? BareUnit.MIB : bare.value());
        } catch (QuantityFormatException e) {
            return unreadable(node, key, e);
        }
    }

    private @Nullable List<Object> list(Type itemType, AnnotatedElement site, Node node, String key) {
        if (!(node instanceof Sequence sequence)) {
            wrongForm(node, key, "a list");
            return null;
        }
        List<Object> items = new ArrayList<>();
        List<Node> read = new ArrayList<>();
        for (Node item : sequence.items()) {
            Object value = value(itemType, site, item, key);
            if (value != null) {
                items.add(value);
                read.add(item);
            }
        }
        if (read.size() < sequence.items().size()) {
            readable.put(sequence, read);
        }
        return items;
    }

    private @Nullable Map<String, Object> map(Type valueType, AnnotatedElement site, Node node, String key) {
        if (!(node instanceof Mapping mapping)) {
            wrongForm(node, key, "a mapping");
            return null;
        }
        Map<String, Object> values = new LinkedHashMap<>();
        mapping.entries().forEach((name, entry) -> {
            Object value = mapValue(valueType, site, name, entry);
            if (value != null) {
                values.put(name, value);
            }
        });
        return values;
    }

    /** {@code NAME:} alone is an empty mapping where one is expected; elsewhere it removes what a lower layer says. */
    private @Nullable Object mapValue(Type type, AnnotatedElement site, String name, Entry entry) {
        if (!isNull(entry)) {
            return value(type, site, entry.value(), name);
        }
        if (type instanceof Class<?> c && c.isRecord()) {
            return value(type, site, Mapping.empty(entry.key().span()), name);
        }
        return partial > 0 ? null : wrongForm(entry.value(), name, "a value");
    }

    private static boolean isNull(Entry entry) {
        return entry.value() instanceof Scalar scalar && scalar.isNull();
    }

    private @Nullable Object record(RecordShape shape, Node node, String key) {
        return switch (node) {
            case Mapping mapping when shape.takesMapping() -> fromMapping(shape, mapping);
            case Scalar scalar when shape.fromScalar() != null && !scalar.isNull() ->
                shortForm(shape.fromScalar(), node, key);
            case Sequence sequence when shape.fromList() != null -> shortForm(shape.fromList(), node, key);
            default -> wrongForm(node, key, shape.forms());
        };
    }

    private @Nullable Object shortForm(Method factory, Node node, String key) {
        Object argument = value(factory.getGenericParameterTypes()[0], factory.getParameters()[0], node, key);
        boolean incomplete = argument instanceof List<?> items && node instanceof Sequence sequence
                && items.size() < sequence.items().size();
        if (argument == null || incomplete) {
            readable.remove(node); // nothing has been read
            return null;
        }
        try {
            FromScalar form = factory.getAnnotation(FromScalar.class);
            if (form != null && form.pattern().equals(ByteSize.PATTERN) && node instanceof Scalar size) {
                DecimalUnit.hint(size, key).ifPresent(problems::add);
            }
            return factory.invoke(null, argument);
        } catch (QuantityFormatException e) {
            return unreadable(node, key, e);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof QuantityFormatException problem) {
                return unreadable(node, key, problem);
            }
            throw new IllegalStateException(factory.toString(), e.getCause());
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(factory.toString(), e);
        }
    }

    private Object fromMapping(RecordShape shape, Mapping mapping) {
        rejectUnknownKeys(shape, mapping);
        return shape.construct(shape.components().stream().map(component -> component(component, mapping)).toArray());
    }

    private @Nullable Object component(RecordShape.Component component, Mapping mapping) {
        Entry entry = mapping.entries().get(component.name());
        if (entry == null || isNull(entry)) {
            if (component.required() && partial == 0) {
                problems.add(missing(component, entry == null ? mapping.span() : entry.key().span()));
            }
            return null;
        }
        partial += component.partial() ? 1 : 0;
        Object value = value(component.type(), component.site(), entry.value(), component.name());
        partial -= component.partial() ? 1 : 0;
        return value;
    }

    /** A key without a value is missing too: {@code machines:} alone must not mean a fleet without machines. */
    private static Diagnostic missing(RecordShape.Component component, Span place) {
        return Diagnostic.error(Code.MISSING_KEY, place, "`" + component.name() + "` is missing")
                .why(component.doc())
                .fix("add `" + component.name() + ":` and its value");
    }

    private void rejectUnknownKeys(RecordShape shape, Mapping mapping) {
        mapping.entries().forEach((name, entry) -> {
            if (!shape.names().contains(name)) {
                problems.add(Diagnostic.error(Code.UNKNOWN_KEY, entry.key().span(), "unknown key `" + name + "`")
                        .why("the keys here are " + String.join(", ", shape.names()))
                        .fix(elsewhere(shape, name).or(() -> Translations.ofKey(name, shape.names()))
                                .orElseGet(
                                        () -> Suggestion.text(name, shape.names(),
                                                "remove it or use one of these keys"))));
            }
        });
    }

    /** {@code memory:} beside {@code image:} belongs one level deeper. */
    private static Optional<String> elsewhere(RecordShape shape, String name) {
        return shape.components()
                .stream()
                .filter(component -> component.type() instanceof Class<?> inner && inner.isRecord()
                        && RecordShape.of(inner).knows(name))
                .map(component -> "write it below `" + component.name() + ":`")
                .findFirst();
    }

    private @Nullable Object wrongForm(Node node, String key, String expected) {
        problems.add(Diagnostic
                .error(Code.WRONG_TYPE, node.span(), "`" + key + "` takes " + expected + ", not " + node.kind())
                .fix(Translations.of(key, expected, node).orElse("write " + expected)));
        return null;
    }

    private @Nullable Object unreadable(Node node, String key, QuantityFormatException e) {
        problems.add(Diagnostic.error(Code.INVALID_VALUE, node.span(), String.valueOf(e.getMessage()))
                .why("it is the value of `" + key + "`")
                .fix(e.fix()));
        return null;
    }
}
