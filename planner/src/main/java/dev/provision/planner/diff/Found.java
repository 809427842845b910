package dev.provision.planner.diff;

import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

import dev.provision.planner.observed.MachineState;
import dev.provision.schema.fleet.DiskKey;
import dev.provision.schema.fleet.MemoryRange;
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

    /**
     * Where it is not the limit that was applied; the guest moves whole pages, so a MiB does not count. What a guest has taken
     * back because it needed it is what its manifest allows, and asking for it again would make it need it again.
     */
    public Optional<ByteSize> memoryOtherThan(MemoryRange applied) {
        return memory.filter(there -> Math.abs(there.mib() - applied.limit().mib()) > 1)
                .filter(there -> !applied.takesBack() || there.compareTo(applied.limit()) < 0);
    }
}
