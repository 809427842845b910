package dev.provision.planner.diff;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

import dev.provision.planner.host.DriverCapabilities.Limit;
import dev.provision.planner.observed.Deviation;
import dev.provision.planner.observed.MachineState;
import dev.provision.planner.observed.ObservedMachine;
import dev.provision.schema.fleet.DiskKey;
import dev.provision.schema.fleet.MemoryRange;
import dev.provision.schema.fleet.Volume;
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
 * @param deviations
 *            what around its VMM is not as applied
 */
public record Found(Optional<ByteSize> memory, Optional<Integer> vcpus, SortedMap<DiskKey, ByteSize> disks,
        List<Deviation> deviations) {

    /** Nothing is known: nothing drifts. */
    public static final Found NOTHING = new Found(Optional.empty(), Optional.empty(), new TreeMap<>(), List.of());

    public Found {
        disks = Collections.unmodifiableSortedMap(new TreeMap<>(disks));
        deviations = List.copyOf(deviations);
    }

    /**
     * What a guest that still boots shows is not counted: its balloon and vCPUs settle with readiness.
     *
     * @param disks
     *            lengths of its persistent disks' files
     */
    public static Found of(ObservedMachine machine, Map<DiskKey, ByteSize> disks) {
        return machine.state() instanceof MachineState.Running running && running.ready()
                ? new Found(running.memory(), running.vcpus(), new TreeMap<>(disks), machine.deviations())
                : new Found(Optional.empty(), Optional.empty(), new TreeMap<>(disks), machine.deviations());
    }

    /** What the VMM is held to, where that is not what was applied. */
    Optional<String> otherLimit(Limit limit) {
        return deviations.stream()
                .flatMap(deviation -> deviation instanceof Deviation.OtherLimit other && other.limit() == limit
                        ? Stream.of(other.found())
                        : Stream.empty())
                .findFirst();
    }

    /** Some limit is not what was applied. */
    public boolean hasOtherLimits() {
        return deviations.stream().anyMatch(Deviation.OtherLimit.class::isInstance);
    }

    /** The traffic of its disks cannot be limited while it runs. */
    boolean isUnthrottled() {
        return deviations.contains(new Deviation.Unthrottled());
    }

    /** Its record is known from a copy only. */
    boolean hasLostRecord() {
        return deviations.contains(new Deviation.LostRecord());
    }

    /** Its record has it stopped. */
    boolean hasStoppedRecord() {
        return deviations.contains(new Deviation.StoppedRecord());
    }

    /** Whether the volume that the guest has mounted there is served no more. */
    boolean hasLost(Volume volume) {
        return deviations.contains(new Deviation.LostVolume(volume.target()));
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
