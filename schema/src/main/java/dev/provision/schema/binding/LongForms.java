package dev.provision.schema.binding;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

import dev.provision.schema.document.Node;
import dev.provision.schema.document.Node.Entry;
import dev.provision.schema.document.Node.Mapping;

/**
 * Writes short forms out where another layer's mapping is laid over them: {@code memory: {max: 4GiB}} over a profile's
 * {@code memory: 1GiB} adds a ceiling, it does not forget the limit.
 */
public final class LongForms {

    private LongForms() {}

    /** {@code base}, fit to have {@code upper} laid over it; both are to be bound to {@code type}. */
    public static Mapping under(Class<? extends Record> type, Mapping upper, Mapping base) {
        return mapping(type, upper, base);
    }

    private static Mapping mapping(Type type, Mapping upper, Mapping base) {
        LinkedHashMap<String, Entry> written = new LinkedHashMap<>(base.entries());
        for (Map.Entry<String, Entry> above : upper.entries().entrySet()) {
            Entry below = written.get(above.getKey());
            Optional<Type> inner = valueType(type, above.getKey());
            if (below != null && inner.isPresent() && above.getValue().value() instanceof Mapping laidOver) {
                written.put(above.getKey(), new Entry(below.key(), value(inner.get(), laidOver, below.value())));
            }
        }
        return new Mapping(written, base.span());
    }

    private static Node value(Type type, Mapping upper, Node base) {
        Node whole = type instanceof Class<?> record && record.isRecord() ? RecordShape.of(record).longForm(base)
                : base;
        return whole instanceof Mapping mapping ? mapping(type, upper, mapping) : whole;
    }

    private static Optional<Type> valueType(Type type, String key) {
        return switch (type) {
            case Class<?> record when record.isRecord() ->
                RecordShape.of(record).component(key).map(RecordShape.Component::type);
            case ParameterizedType generic when generic.getRawType() == Map.class ->
                Optional.of(generic.getActualTypeArguments()[1]);
            default -> Optional.empty();
        };
    }
}
