package dev.provision.planner.plan;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;

import dev.provision.planner.diff.Disruption;
import dev.provision.planner.host.ListeningPort;
import dev.provision.schema.fleet.MachineSpec;
import dev.provision.schema.fleet.PortForward;

/**
 * Host ports that one machine takes over from another one that goes on running. Who has a port lets go of it before anything
 * else is done to it, and who takes it waits for that: so ports can also be swapped. Machines that go need no word here:
 * they are gone before.
 */
final class PortMoves {

    private record Held(String machine, PortForward port) {}

    private final Map<Integer, List<Held>> givenUp = new HashMap<>();

    private PortMoves(List<MachineChange> changes) {
        changes.stream()
                .filter(change -> change.running() && change.disruption() != Disruption.KEEP
                        && change.disruption() != Disruption.DESTROY)
                .forEach(change -> others(change.applied().stream().toList(), change.wanted().stream().toList())
                        .forEach(port -> givenUp.computeIfAbsent(port.hostPort(), _ -> new ArrayList<>())
                                .add(new Held(change.machine(), port))));
    }

    /** Names of the machines that have a port now, by the machine that takes it. */
    static SortedMap<String, SortedSet<String>> of(List<MachineChange> changes) {
        PortMoves moves = new PortMoves(changes);
        SortedMap<String, SortedSet<String>> from = new TreeMap<>();
        if (!moves.givenUp.isEmpty()) {
            changes.forEach(change -> moves.taken(change)
                    .forEach(held -> from.computeIfAbsent(change.machine(), _ -> new TreeSet<>()).add(held.machine())));
        }
        return Collections.unmodifiableSortedMap(from);
    }

    /** Names of the machines that others wait for. */
    static Set<String> givers(List<MachineChange> changes) {
        return of(changes).values().stream().flatMap(Set::stream).collect(Collectors.toSet());
    }

    /** The same changes: those that take ports over say so, and who has one that another takes lets go of it first. */
    static List<MachineChange> arranged(List<MachineChange> changes) {
        Set<String> givers = givers(changes);
        if (givers.isEmpty()) {
            return changes;
        }
        PortMoves moves = new PortMoves(changes);
        return changes.stream()
                .map(change -> givers.contains(change.machine()) ? lettingGoFirst(change) : change)
                .map(moves::noted)
                .toList();
    }

    /** Written down at once: cut short after that, the machine is known to be without these ports. */
    private static MachineChange lettingGoFirst(MachineChange change) {
        Optional<Step.ClosePorts> close = change.steps()
                .stream()
                .filter(Step.ClosePorts.class::isInstance)
                .map(Step.ClosePorts.class::cast)
                .findFirst();
        if (close.isEmpty() || change.applied().isEmpty()) {
            return change;
        }
        List<PortForward> closed = close.get().ports();
        List<Step> steps = new ArrayList<>(List.of(close.get(),
                new Step.SaveSpec(without(change.applied().get(), closed))));
        for (Step step : change.steps()) {
            if (step instanceof Step.Start start) {
                steps.add(new Step.Start(without(start.spec(), closed)));
            } else if (!step.equals(close.get())) {
                steps.add(step);
            }
        }
        return change.doing(steps);
    }

    private static MachineSpec without(MachineSpec spec, List<PortForward> closed) {
        return spec.with(spec.network().without(closed));
    }

    private MachineChange noted(MachineChange change) {
        List<String> notes = new ArrayList<>(change.notes());
        taken(change).forEach(held -> notes.add("host port " + held.port().hostPort() + "/" + held.port().protocol()
                + " comes from `" + held.machine() + "`, which lets go of it first"));
        return change.noting(notes);
    }

    private List<Held> taken(MachineChange change) {
        List<MachineSpec> already = change.running() && !change.boots() ? change.applied().stream().toList()
                : List.of();
        return others(change.wanted().stream().toList(), already).stream()
                .flatMap(port -> givenUp.getOrDefault(port.hostPort(), List.of())
                        .stream()
                        .filter(held -> !held.machine().equals(change.machine())
                                && ListeningPort.overlap(held.port(), port)))
                .toList();
    }

    /** Ports of the one that the other has not; each is none or one. */
    private static List<PortForward> others(List<MachineSpec> one, List<MachineSpec> other) {
        List<PortForward> there = other.stream().flatMap(spec -> spec.network().ports().stream()).toList();
        return one.stream()
                .flatMap(spec -> spec.network().ports().stream())
                .filter(Predicate.not(there::contains))
                .toList();
    }
}
