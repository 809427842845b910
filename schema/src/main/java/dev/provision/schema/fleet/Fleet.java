package dev.provision.schema.fleet;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/** The machines that the manifest wants and the networks between them, everything resolved. */
public record Fleet(String name, HostPolicy policy, SortedMap<String, FleetNetwork> networks,
        SortedMap<String, FleetMachine> machines) {
    public Fleet {
        networks = Collections.unmodifiableSortedMap(new TreeMap<>(networks));
        machines = Collections.unmodifiableSortedMap(new TreeMap<>(machines));
    }

    /** The same, in which that machine has another spec, and waits for nobody who is not in this fleet. */
    public Fleet with(FleetMachine machine, MachineSpec spec) {
        SortedMap<String, Condition> present = new TreeMap<>(spec.dependsOn());
        present.keySet().retainAll(machines.keySet());
        SortedMap<String, FleetMachine> others = new TreeMap<>(machines);
        others.put(spec.name(), new FleetMachine(machine.entry(), spec.waitingFor(present), machine.origin()));
        return new Fleet(name, policy, networks, others);
    }
}
