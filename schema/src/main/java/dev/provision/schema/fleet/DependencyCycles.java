package dev.provision.schema.fleet;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;

import dev.provision.schema.diagnostics.Code;
import dev.provision.schema.diagnostics.Diagnostic;
import dev.provision.schema.diagnostics.Problems;
import dev.provision.schema.diagnostics.Span;

/**
 * Finds machines that wait for each other. Looks at entries, not at machines: all machines of an entry wait for the
 * same others, so they are in the same circles. Walks without recursion: a chain may be as long as the fleet.
 */
final class DependencyCycles {

    /** A circle can be as long as the fleet. */
    private static final int MOST_SHOWN = 5;

    /** An entry on the way from where the walk began, and what it waits for that is still to be visited. */
    private record Visit(String entry, Iterator<String> next) {}

    private final Map<String, FleetMachine> entries = new LinkedHashMap<>();
    private final Map<String, Set<String>> waitsFor = new LinkedHashMap<>();
    private final Set<String> done = new HashSet<>();
    private final Problems problems;

    DependencyCycles(SortedMap<String, FleetMachine> machines, Problems problems) {
        this.problems = problems;
        for (FleetMachine machine : machines.values()) {
            if (entries.putIfAbsent(machine.entry(), machine) == null) {
                Set<String> others = new LinkedHashSet<>();
                for (String name : machine.spec().dependsOn().keySet()) {
                    FleetMachine other = machines.get(name);
                    if (other != null) {
                        others.add(other.entry());
                    }
                }
                waitsFor.put(machine.entry(), others);
            }
        }
    }

    void check() {
        entries.keySet().forEach(this::walkFrom);
    }

    private void walkFrom(String start) {
        Deque<Visit> path = new ArrayDeque<>();
        Set<String> onPath = new LinkedHashSet<>();
        enter(start, path, onPath);
        while (!path.isEmpty()) {
            Visit here = path.getLast();
            if (!here.next().hasNext()) {
                path.removeLast();
                onPath.remove(here.entry());
                continue;
            }
            String next = here.next().next();
            if (onPath.contains(next)) {
                report(next, onPath);
            } else {
                enter(next, path, onPath);
            }
        }
    }

    private void enter(String entry, Deque<Visit> path, Set<String> onPath) {
        if (done.add(entry)) {
            path.addLast(new Visit(entry, Objects.requireNonNull(waitsFor.get(entry)).iterator()));
            onPath.add(entry);
        }
    }

    /** Tells it at the first one's dependency, with those of the others. */
    private void report(String first, Set<String> onPath) {
        List<String> path = new ArrayList<>(onPath);
        List<String> cycle = path.subList(path.indexOf(first), path.size());
        String what = cycle.size() == 1 ? "`" + first + "` waits for itself"
                : "these wait for each other: " + String.join(" → ", cycle) + " → " + first;
        Diagnostic problem = Diagnostic.error(Code.DEPENDENCY_CYCLE, place(first, cycle.get(1 % cycle.size())), what)
                .why(cycle.size() == 1 ? "it could never boot" : "none of them could ever boot")
                .fix(cycle.size() == 1 ? "remove this dependency" : "remove one of these dependencies");
        for (int i = 1; i < Math.min(cycle.size(), MOST_SHOWN); i++) {
            String next = cycle.get((i + 1) % cycle.size());
            problem = problem.related(place(cycle.get(i), next), "`" + cycle.get(i) + "` waits for `" + next + "`");
        }
        problems.add(problem);
    }

    private Span place(String entry, String next) {
        return Objects.requireNonNull(entries.get(entry)).origin().at("dependsOn", next);
    }
}
