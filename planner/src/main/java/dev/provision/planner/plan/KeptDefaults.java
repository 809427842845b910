package dev.provision.planner.plan;

import java.util.SortedMap;
import java.util.TreeMap;

import dev.provision.planner.observed.MachineState;
import dev.provision.planner.observed.ObservedFleet;
import dev.provision.planner.observed.ObservedMachine;
import dev.provision.schema.fleet.CanonicalForm;
import dev.provision.schema.fleet.Fleet;
import dev.provision.schema.fleet.FleetMachine;
import dev.provision.schema.fleet.IgnoredChanges;
import dev.provision.schema.fleet.MachineSpec;

/** Machines that exist keep the built-in defaults that they were made with; see {@link CanonicalForm}. */
final class KeptDefaults {

    private KeptDefaults() {}

    /** The fleet, as this program's defaults would have it, with those of its machines that are there. */
    static Fleet in(Fleet fleet, ObservedFleet observed, CanonicalForm form) {
        if (form.changes().isEmpty()) {
            return fleet;
        }
        SortedMap<String, FleetMachine> machines = new TreeMap<>(fleet.machines());
        observed.machines()
                .forEach((name, there) -> machines.computeIfPresent(name, (_, machine) -> kept(machine, there, form)));
        return new Fleet(fleet.name(), fleet.policy(), fleet.networks(), machines);
    }

    private static FleetMachine kept(FleetMachine machine, ObservedMachine there, CanonicalForm form) {
        if (there.applied().isEmpty()) {
            return machine;
        }
        MachineSpec applied = there.applied().get();
        MachineSpec asMade = form.asMade(machine.spec(), machine.origin(), applied, there.canonicalForm());
        // What is made anew before its first start is made with the defaults of today.
        boolean anew = there.state() instanceof MachineState.Created
                && !IgnoredChanges.kept(asMade, applied).equals(applied);
        return anew ? machine : new FleetMachine(machine.entry(), asMade, machine.origin());
    }
}
