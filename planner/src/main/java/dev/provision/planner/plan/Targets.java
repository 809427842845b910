package dev.provision.planner.plan;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

import dev.provision.planner.diff.Disruption;
import dev.provision.planner.observed.MachineState;
import dev.provision.planner.observed.ObservedFleet;
import dev.provision.planner.observed.ObservedMachine;
import dev.provision.schema.diagnostics.Code;
import dev.provision.schema.diagnostics.Diagnostic;
import dev.provision.schema.diagnostics.Problems;
import dev.provision.schema.diagnostics.Suggestion;
import dev.provision.schema.fleet.Fleet;
import dev.provision.schema.fleet.FleetMachine;
import dev.provision.schema.fleet.MachineSpec;

/** Finds the machines that selectors mean, among those that are wanted and those that are there. */
final class Targets {

    private final Fleet fleet;
    private final ObservedFleet observed;

    Targets(Fleet fleet, ObservedFleet observed) {
        this.fleet = fleet;
        this.observed = observed;
    }

    /** The names of all machines that one of the selectors matches; one that matches none is a problem. */
    Set<String> named(List<Selector> selectors, String option, Problems problems) {
        Set<String> named = new HashSet<>();
        for (Selector selector : selectors) {
            List<String> matching = matching(selector);
            named.addAll(matching);
            if (matching.isEmpty()) {
                problems.add(Diagnostic
                        .error(Code.NO_SUCH_TARGET, option + " " + selector + " matches no machine of this fleet")
                        .fix(advice(selector)));
            }
        }
        return named;
    }

    /** Terms joined by commas must all hold, and who joins two names probably means either. */
    private String advice(Selector selector) {
        List<String> terms = selector.terms();
        boolean each = terms.size() > 1 && terms.stream().allMatch(term -> !matching(new Selector(term)).isEmpty());
        return each ? "terms joined by commas must all hold; for either of them repeat the option"
                : Suggestion.text(selector.text(), all(), "name a machine, an entry of the manifest, or label=value");
    }

    /** The names of the machines that a selector matches, in order. */
    List<String> matching(Selector selector) {
        return all().stream().filter(name -> matches(selector, name)).toList();
    }

    private Set<String> all() {
        Set<String> all = new TreeSet<>(fleet.machines().keySet());
        all.addAll(observed.machines().keySet());
        return all;
    }

    private boolean matches(Selector selector, String name) {
        FleetMachine wanted = fleet.machines().get(name);
        if (wanted != null) {
            return selector.matches(name, wanted.entry(), wanted.spec().lifecycle().labels());
        }
        Optional<MachineSpec> applied = Optional.ofNullable(observed.machines().get(name))
                .flatMap(ObservedMachine::applied);
        return selector.matches(name, name, applied.map(spec -> (Map<String, String>) spec.lifecycle().labels())
                .orElse(Map.of()));
    }

    /** The targets, and what they wait for as far as it is down: whatever else would happen to it, nobody boots over it. */
    Set<String> withDependencies(Set<String> targets, Collection<MachineChange> changes) {
        Map<String, MachineChange> byName = new HashMap<>();
        changes.forEach(change -> byName.put(change.machine(), change));
        Set<String> all = new HashSet<>(targets);
        Deque<String> open = new ArrayDeque<>(targets);
        while (!open.isEmpty()) {
            MachineChange change = byName.get(open.remove());
            if (change == null || !change.boots()) {
                continue;
            }
            change.dependsOn().keySet().forEach(name -> {
                MachineChange dependency = byName.get(name);
                if (dependency != null && comesUp(dependency) && all.add(name)) {
                    open.add(name);
                }
            });
        }
        return all;
    }

    private boolean comesUp(MachineChange change) {
        ObservedMachine there = observed.machines().get(change.machine());
        return change.boots() && (there == null || !isUp(there.state(), change.disruption()));
    }

    /**
     * A VMM without a record counts as up: it runs, and is made anew only when it is named itself. So does a job that has
     * ended: it runs again when it changed, but loses its overlay only when it is named itself.
     */
    private static boolean isUp(MachineState state, Disruption change) {
        return switch (state) {
            case MachineState.Running running -> running.ready();
            case MachineState.Orphan orphan -> true;
            case MachineState.Completed completed -> change == Disruption.RECREATE;
            case MachineState.Paused paused -> false;
            case MachineState.Unresponsive mute -> false;
            case MachineState.Stopped stopped -> false;
            case MachineState.Dead dead -> false;
            case MachineState.Created created -> false;
            case MachineState.Broken broken -> false;
        };
    }
}
