package dev.provision.planner.plan;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

import dev.provision.schema.fleet.Fleet;
import dev.provision.schema.fleet.MachineSpec;

/** Machines with dependencies before dependents, else by name. Walks without recursion: chains can be long. */
final class BootOrder {

    private record Visit(MachineSpec spec, Iterator<String> next) {}

    private final SortedMap<String, MachineSpec> specs;
    private final Set<String> seen = new HashSet<>();
    private final List<MachineSpec> ordered = new ArrayList<>();

    private BootOrder(SortedMap<String, MachineSpec> specs) {
        this.specs = specs;
    }

    /** The manifest has been checked for cycles before; in a cycle some machine simply comes first. */
    static List<MachineSpec> of(SortedMap<String, MachineSpec> specs) {
        BootOrder order = new BootOrder(specs);
        specs.keySet().forEach(order::visit);
        return List.copyOf(order.ordered);
    }

    static List<MachineSpec> of(Fleet fleet) {
        SortedMap<String, MachineSpec> specs = new TreeMap<>();
        fleet.machines().forEach((name, machine) -> specs.put(name, machine.spec()));
        return of(specs);
    }

    private void visit(String name) {
        Deque<Visit> path = new ArrayDeque<>();
        enter(name, path);
        while (!path.isEmpty()) {
            Visit here = path.getLast();
            if (here.next().hasNext()) {
                enter(here.next().next(), path);
            } else {
                ordered.add(path.removeLast().spec());
            }
        }
    }

    private void enter(String name, Deque<Visit> path) {
        MachineSpec spec = specs.get(name);
        if (spec != null && seen.add(name)) {
            path.addLast(new Visit(spec, spec.dependsOn().keySet().iterator()));
        }
    }
}
