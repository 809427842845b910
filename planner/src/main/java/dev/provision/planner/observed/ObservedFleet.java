package dev.provision.planner.observed;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * All machines of one fleet that left a trace on this host: a record, a directory or a process.
 *
 * @param storageKept
 *            sizes in bytes of persistent disks by machine name, also of machines that are gone
 */
public record ObservedFleet(String fleet, SortedMap<String, ObservedMachine> machines,
        SortedMap<String, Long> storageKept) {
    public ObservedFleet {
        machines = Collections.unmodifiableSortedMap(new TreeMap<>(machines));
        storageKept = Collections.unmodifiableSortedMap(new TreeMap<>(storageKept));
    }
}
