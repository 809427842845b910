package dev.provision.schema.fleet;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/** The machines that the manifest wants, everything resolved. */
public record Fleet(String name, HostPolicy policy, SortedMap<String, FleetMachine> machines) {
    public Fleet {
        machines = Collections.unmodifiableSortedMap(new TreeMap<>(machines));
    }
}
