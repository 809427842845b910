package dev.provision.schema.format;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import dev.provision.schema.binding.Key;
import dev.provision.schema.binding.RecordShape;
import dev.provision.schema.binding.ValueType;
import dev.provision.schema.manifest.MachineEntry;
import dev.provision.schema.manifest.MemoryEntry;
import dev.provision.schema.manifest.ResourcesEntry;
import dev.provision.schema.units.ByteSize;

/** Keys for mappings: some of a record, in any order, under any of their names; now and then an unknown one. */
final class RandomFields {

    /** What stands below unknown keys; aliases can give it a meaning elsewhere. */
    private static final List<Type> UNKNOWN = List.of(String.class, ResourcesEntry.class, MachineEntry.class);

    /** A key and what its value is. */
    record Field(String key, Type type) {}

    private final Dice dice;
    private final Map<Key, String> spellings = new HashMap<>();

    RandomFields(Dice dice) {
        this.dice = dice;
    }

    static boolean isMap(Type type) {
        return type instanceof ParameterizedType generic && generic.getRawType() == Map.class;
    }

    static boolean isList(Type type) {
        return type instanceof ParameterizedType generic && generic.getRawType() == List.class;
    }

    static boolean takesMapping(Type type) {
        return isMap(type) || new ValueType(type, null).hasKeys();
    }

    /** What the values of a map or the items of a list are. */
    static Type element(Type type) {
        Type[] arguments = ((ParameterizedType) type).getActualTypeArguments();
        return arguments[arguments.length - 1];
    }

    List<Field> of(Type type) {
        List<Field> fields = new ArrayList<>();
        if (isMap(type)) {
            for (int i = 0; i < 1 + dice.below(3); i++) {
                fields.add(new Field(dice.name("n"), element(type)));
            }
            return fields;
        }
        List<RecordShape.Component> components = new ArrayList<>(RecordShape.of((Class<?>) type).components());
        Collections.shuffle(components, dice.random());
        for (RecordShape.Component component : components.subList(0, 1 + dice.below(Math.min(6, components.size())))) {
            fields.add(new Field(spelling(component), component.type()));
        }
        if (dice.chance(6)) {
            fields.add(dice.below(fields.size() + 1), new Field(dice.name("x-"), dice.any(UNKNOWN)));
        }
        if (dice.chance(10) && fields.stream().anyMatch(field -> field.type == MemoryEntry.class)) {
            fields.add(dice.below(fields.size() + 1), new Field("memory-reservation", ByteSize.class));
        }
        return fields;
    }

    /** One spelling a manifest, so that merged mappings do not conflict. */
    private String spelling(RecordShape.Component component) {
        return spellings.computeIfAbsent(component.key(), key -> {
            List<String> known = new ArrayList<>(List.of(component.name(), component.name()));
            component.aliases()
                    .stream()
                    .filter(alias -> alias.into().isEmpty())
                    .forEach(alias -> known.add(alias.value()));
            return dice.any(known);
        });
    }
}
