package dev.provision.planner.proof;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

import dev.provision.planner.observed.ObservedMachine;
import dev.provision.schema.fleet.FleetMachine;
import dev.provision.schema.fleet.Lifecycle;

/** Which machines a plan may be about, told by reading its scope in another way than the planner does. */
final class Reach {

    private Reach() {}

    /** Those that are named, and everything that they wait for, near or far. */
    static Set<String> of(RandomWorld world) {
        Set<String> all = new HashSet<>(named(world));
        Deque<String> open = new ArrayDeque<>(all);
        while (!open.isEmpty()) {
            FleetMachine machine = world.fleet().machines().get(open.remove());
            if (machine != null) {
                machine.spec().dependsOn().keySet().stream().filter(all::add).forEach(open::add);
            }
        }
        return all;
    }

    /** Those that are named; all, when nobody is. The only selectors here are names of entries and one label. */
    static Set<String> named(RandomWorld world) {
        Set<String> all = new HashSet<>(world.fleet().machines().keySet());
        all.addAll(world.observed().machines().keySet());
        if (!world.scope().targets().isEmpty()) {
            all.removeIf(name -> world.scope()
                    .targets()
                    .stream()
                    .noneMatch(target -> isMeant(world, name,
                            target.text())));
        }
        return all;
    }

    private static boolean isMeant(RandomWorld world, String name, String target) {
        FleetMachine wanted = world.fleet().machines().get(name);
        ObservedMachine there = world.observed().machines().get(name);
        if (target.indexOf('=') < 0) {
            return name.equals(target) || (wanted != null && wanted.entry().equals(target));
        }
        Map<String, String> labels = wanted != null ? wanted.spec().lifecycle().labels()
                : there == null ? Map.of()
                        : there.applied().map(spec -> spec.lifecycle()).orElse(Lifecycle.STANDARD).labels();
        return target.equals("tier=" + labels.get("tier"));
    }
}
