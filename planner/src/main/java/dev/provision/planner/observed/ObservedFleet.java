package dev.provision.planner.observed;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

import dev.provision.schema.fleet.DiskKey;
import dev.provision.schema.units.ByteSize;

/**
 * All machines of one fleet that left a trace on this host: a record, a directory or a process.
 *
 * @param storageKept
 *            sizes of the persistent disks that are there, by machine name; also of machines that are gone, and disks
 *            that a machine does not use any more
 */
public record ObservedFleet(String fleet, SortedMap<String, ObservedMachine> machines,
        SortedMap<String, SortedMap<DiskKey, ByteSize>> storageKept) {
    public ObservedFleet {
        machines = Collections.unmodifiableSortedMap(new TreeMap<>(machines));
        SortedMap<String, SortedMap<DiskKey, ByteSize>> copy = new TreeMap<>();
        storageKept.forEach((name, disks) -> copy.put(name, Collections.unmodifiableSortedMap(new TreeMap<>(disks))));
        storageKept = Collections.unmodifiableSortedMap(copy);
    }

    /** The persistent disks of one machine; none where there are none. */
    public Map<DiskKey, ByteSize> keptOf(String machine) {
        return storageKept.getOrDefault(machine, Collections.emptySortedMap());
    }
}
