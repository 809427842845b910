package dev.provision.planner.diff;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

import dev.provision.schema.fleet.MachineSpec;

/** The fields that differ, in the order in which they are compared. */
final class Changes {

    private final MachineSpec before;
    private final MachineSpec after;
    private final List<FieldChange> found = new ArrayList<>();

    Changes(MachineSpec before, MachineSpec after) {
        this.before = before;
        this.after = after;
    }

    List<FieldChange> all() {
        return List.copyOf(found);
    }

    void compare(String path, Function<MachineSpec, Object> field, Effect effect) {
        add(path, field.apply(before).toString(), field.apply(after).toString(), effect);
    }

    void compareOptional(String path, Function<MachineSpec, Optional<?>> field, Effect effect) {
        compare(path, spec -> field.apply(spec).map(Object::toString).orElse("none"), effect);
    }

    void compareList(String path, Function<MachineSpec, Collection<?>> field, Effect effect) {
        compare(path, spec -> list(field.apply(spec)), effect);
    }

    /** One change for each name, so that a long list of values does not hide the one that differs. */
    void compareEntries(String prefix, Function<MachineSpec, Map<String, String>> field, Effect effect) {
        Map<String, String> from = field.apply(before);
        Map<String, String> to = field.apply(after);
        TreeSet<String> names = new TreeSet<>(from.keySet());
        names.addAll(to.keySet());
        names.forEach(name -> add(prefix + name, from.getOrDefault(name, "none"), to.getOrDefault(name, "none"),
                effect));
    }

    void add(String path, String from, String to, Effect effect) {
        add(path, from, Optional.empty(), to, effect);
    }

    /**
     * @param there
     *            what is really there, where that is not {@code from}
     */
    void add(String path, String from, Optional<String> there, String to, Effect effect) {
        if (!from.equals(to) || there.isPresent()) {
            found.add(new FieldChange(path, from, there, to, effect.disruption(), effect.reason(), effect.milder()));
        }
    }

    static String list(Collection<?> items) {
        return items.isEmpty() ? "none" : items.stream().map(Object::toString).collect(Collectors.joining(" "));
    }
}
