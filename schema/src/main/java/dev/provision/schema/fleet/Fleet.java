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
}
