package dev.provision.schema.binding;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

import org.jspecify.annotations.Nullable;

import dev.provision.schema.diagnostics.Code;
import dev.provision.schema.diagnostics.Diagnostic;
import dev.provision.schema.diagnostics.Problems;
import dev.provision.schema.document.Node;
import dev.provision.schema.document.Node.Entry;
import dev.provision.schema.document.Node.Mapping;
import dev.provision.schema.document.Node.Scalar;
import dev.provision.schema.document.Node.Sequence;

/**
 * Gives every key its own name where one of its aliases stands, before layers are merged: {@code memoryMb: 512} in a
 * profile and {@code memory: 1GiB} in a machine are one key. Values keep their places.
 */
public final class CanonicalKeys {

    private final Problems problems;
    /** Each node is rewritten once, so that anchors keep sharing their subtrees. */
    private final IdentityHashMap<Node, Node> done = new IdentityHashMap<>();

    private CanonicalKeys(Problems problems) {
        this.problems = problems;
    }

    /** The document with the names that records of {@code type} have; reports an alias beside its own key. */
    public static Mapping of(Class<? extends Record> type, Mapping root, Problems problems) {
        return new CanonicalKeys(problems).mapping(RecordShape.of(type), root);
    }

    private Node node(Type type, Node node) {
        if (node instanceof Scalar) {
            return node;
        }
        Node known = done.get(node);
        if (known != null) {
            return known;
        }
        Node renamed = switch (type) {
            case ParameterizedType generic when generic.getRawType() == List.class && node instanceof Sequence list ->
                list(list, item -> node(generic.getActualTypeArguments()[0], item));
            case ParameterizedType generic when generic.getRawType() == Map.class && node instanceof Mapping map ->
                map(generic.getActualTypeArguments()[1], map);
            case Class<?> simple when simple.isRecord() && node instanceof Mapping mapping ->
                mapping(RecordShape.of(simple), mapping);
            default -> node;
        };
        done.put(node, renamed);
        return renamed;
    }

    private static Sequence list(Sequence list, UnaryOperator<Node> change) {
        return new Sequence(list.items().stream().map(change).toList(), list.span());
    }

    private Mapping map(Type valueType, Mapping map) {
        LinkedHashMap<String, Entry> entries = new LinkedHashMap<>();
        map.entries()
                .forEach((name, entry) -> entries.put(name, new Entry(entry.key(), node(valueType, entry.value()))));
        return new Mapping(entries, map.span());
    }

    private Mapping mapping(RecordShape shape, Mapping mapping) {
        LinkedHashMap<String, Entry> entries = new LinkedHashMap<>();
        mapping.entries().forEach((name, entry) -> {
            Optional<RecordShape.Component> own = shape.component(name);
            if (own.isPresent() || shape.aliased(name).isEmpty()) {
                Node value = own.map(component -> node(component.type(), entry.value())).orElse(entry.value());
                entries.put(name, new Entry(entry.key(), value));
            }
        });
        if (entries.size() < mapping.entries().size()) {
            renameAliases(shape, mapping, entries);
        }
        return new Mapping(entries, mapping.span());
    }

    private void renameAliases(RecordShape shape, Mapping mapping, Map<String, Entry> entries) {
        for (RecordShape.Component component : shape.components()) {
            for (Key.Alias alias : component.aliases()) {
                Entry entry = mapping.entries().get(alias.value());
                if (entry != null) {
                    rename(component, alias, entry, entries);
                }
            }
        }
    }

    private void rename(RecordShape.Component component, Key.Alias alias, Entry written, Map<String, Entry> entries) {
        Entry other = entries.get(component.name());
        Node value = alias.unit().isEmpty() ? written.value() : withUnit(component, alias, written.value());
        Scalar key = new Scalar(component.name(), true, written.key().span());
        if (alias.into().isEmpty()) {
            if (other == null) {
                entries.put(component.name(), new Entry(key, node(component.type(), value)));
            } else {
                conflict(component.name(), written, other);
            }
            return;
        }
        Mapping into = longForm(component, other, key);
        Entry taken = into == null ? other : into.entries().get(alias.into());
        if (into == null || taken != null) {
            conflict(component.name() + "." + alias.into(), written, taken);
            return;
        }
        LinkedHashMap<String, Entry> inner = new LinkedHashMap<>(into.entries());
        inner.put(alias.into(), new Entry(new Scalar(alias.into(), true, written.key().span()), value));
        entries.put(component.name(), new Entry(other == null ? key : other.key(), new Mapping(inner, into.span())));
    }

    /** The mapping to add a key to; null when what stands there takes none. */
    private static @Nullable Mapping longForm(RecordShape.Component component, @Nullable Entry written, Scalar key) {
        if (written == null || (written.value() instanceof Scalar nothing && nothing.isNull())) {
            return Mapping.empty(key.span());
        }
        return component.type() instanceof Class<?> record
                && RecordShape.of(record).longForm(written.value()) instanceof Mapping mapping ? mapping : null;
    }

    private static boolean takesList(RecordShape.Component component) {
        return component.type() instanceof Class<?> record && record.isRecord()
                && RecordShape.of(record).fromList() != null;
    }

    private Node withUnit(RecordShape.Component component, Key.Alias alias, Node value) {
        return switch (value) {
            case Scalar scalar when scalar.text().strip().matches("[+-]?[0-9]+(\\.[0-9]+)?") ->
                new Scalar(scalar.text().strip() + alias.unit(), scalar.plain(), scalar.span());
            case Scalar scalar when alias.namesUnit() && !scalar.isNull() -> {
                problems.add(Diagnostic
                        .error(Code.INVALID_VALUE, scalar.span(),
                                "`" + alias.value() + "` takes a number of " + alias.unit() + ", not `" + scalar.text()
                                        + "`")
                        .why("its name says the unit already")
                        .fix("write `" + component.name() + ": " + scalar.text() + "`"));
                yield new Scalar("", true, scalar.span());
            }
            case Sequence list when takesList(component) -> {
                Sequence items = list(list, item -> item instanceof Scalar ? withUnit(component, alias, item) : item);
                yield nothings(items) > nothings(list) ? new Scalar("", true, list.span()) : items;
            }
            case Node other -> other;
        };
    }

    private static long nothings(Sequence list) {
        return list.items().stream().filter(item -> item instanceof Scalar scalar && scalar.isNull()).count();
    }

    private void conflict(String name, Entry alias, @Nullable Entry own) {
        Diagnostic problem = Diagnostic
                .error(Code.CONFLICTING_KEYS, alias.key().span(),
                        "`" + alias.key().text() + "` is another name of `" + name + "`, which is said already")
                .why("only one of the two could count, and which one would be a guess")
                .fix("remove one of them");
        problems.add(own == null ? problem : problem.related(own.key().span(), "the other one is here"));
    }
}
