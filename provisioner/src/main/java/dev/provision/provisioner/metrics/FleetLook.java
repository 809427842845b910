package dev.provision.provisioner.metrics;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

import dev.provision.planner.capacity.ResourcePool;
import dev.provision.planner.capacity.Share;
import dev.provision.planner.observed.MachineState;
import dev.provision.planner.observed.ObservedFleet;
import dev.provision.planner.plan.MachineChange;
import dev.provision.planner.plan.Plan;

/** What a look of a watch says to its figures. */
final class FleetLook {

    /** What is to become of a machine whose VMM has ended. */
    enum Fate {
        /** It is up again. */
        READY,
        /** It will be, or may be: brought up now, or later when it is held back. */
        REVIVED,
        /** It has completed, was stopped, or is gone: it stays down. */
        DOWN
    }

    private FleetLook() {}

    /** Those that are there, and those that are wanted. */
    static Set<String> machines(Plan plan, ObservedFleet observed) {
        Set<String> names = new TreeSet<>(observed.machines().keySet());
        plan.changes()
                .stream()
                .filter(change -> change.wanted().isPresent())
                .map(MachineChange::machine)
                .forEach(names::add);
        return names;
    }

    /** By machine, of all that are there. */
    static Map<String, Fate> of(Plan plan, ObservedFleet observed) {
        Set<String> pending = new TreeSet<>();
        plan.changes()
                .stream()
                .filter(change -> change.isOutOfScope() || change.boots())
                .map(MachineChange::machine)
                .forEach(pending::add);
        Map<String, Fate> fates = new TreeMap<>();
        observed.machines()
                .forEach((name, machine) -> fates.put(name, fate(machine.state(), pending.contains(name))));
        return fates;
    }

    private static Fate fate(MachineState state, boolean isPending) {
        return switch (state) {
            case MachineState.Running running -> running.ready() ? Fate.READY : Fate.REVIVED;
            case MachineState.Paused _,MachineState.Unresponsive _,MachineState.Orphan _ -> Fate.REVIVED;
            case MachineState.Dead _,MachineState.Broken _,MachineState.Completed _,MachineState.Stopped _,MachineState.Created _ ->
                isPending ? Fate.REVIVED : Fate.DOWN;
        };
    }

    /** What of the pool the machines have that run. */
    static Share held(Plan plan) {
        ResourcePool pool = plan.pool();
        return plan.changes()
                .stream()
                .filter(MachineChange::running)
                .flatMap(change -> change.applied().stream())
                .map(pool::shareOf)
                .reduce(Share.NOTHING, Share::plus);
    }
}
