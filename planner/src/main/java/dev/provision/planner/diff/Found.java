package dev.provision.planner.diff;

import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

import dev.provision.planner.observed.MachineState;
import dev.provision.schema.fleet.DiskKey;
import dev.provision.schema.units.ByteSize;

/**
 * What is really there of a machine, as far as its VMM, its guest and its files tell.
 *
 * @param memory
 *            what the balloon leaves to the guest
 * @param vcpus
 *            on line in the guest
 * @param disks
 *            lengths of its persistent disks' files
 */
public record Found(Optional<ByteSize> memory, Optional<Integer> vcpus, SortedMap<DiskKey, ByteSize> disks) {

    /** Nothing is known: nothing drifts. */
    public static final Found NOTHING = new Found(Optional.empty(), Optional.empty(), new TreeMap<>());

    public Found {
        disks = Collections.unmodifiableSortedMap(new TreeMap<>(disks));
    }

    /**
     * What a guest that still boots shows is not counted: its balloon and vCPUs settle with readiness.
     *
     * @param disks
     *            lengths of its persistent disks' files
     */
    public static Found of(MachineState state, Map<DiskKey, ByteSize> disks) {
        return state instanceof MachineState.Running running && running.ready()
                ? new Found(running.memory(), running.vcpus(), new TreeMap<>(disks))
                : new Found(Optional.empty(), Optional.empty(), new TreeMap<>(disks));
    }

    /** Where it is not {@code applied}; the guest moves whole pages, so a MiB does not count. */
    Optional<ByteSize> memoryOtherThan(ByteSize applied) {
        return memory.filter(there -> Math.abs(there.mib() - applied.mib()) > 1);
    }
}
