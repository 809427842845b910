package dev.provision.planner.capacity;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

import dev.provision.planner.host.HostCapacity;
import dev.provision.planner.observed.ObservedFleet;
import dev.provision.planner.observed.ObservedMachine;
import dev.provision.schema.diagnostics.Code;
import dev.provision.schema.diagnostics.Diagnostic;
import dev.provision.schema.diagnostics.Problems;
import dev.provision.schema.diagnostics.Severity;
import dev.provision.schema.fleet.DiskKey;
import dev.provision.schema.fleet.MachineSpec;
import dev.provision.schema.units.ByteSize;

/**
 * Is there room for all disks when each of them is full? Disks are thin: new ones can take all of their size, larger ones
 * what they grow by, those that are there already what is not allocated of them yet.
 */
final class DiskCheck {

    private static final int MOST_NAMED = 3;

    private DiskCheck() {}

    static void run(Collection<Claim> claims, ObservedFleet observed, HostCapacity host, Problems problems) {
        SortedMap<String, ByteSize> byEntry = new TreeMap<>();
        claims.forEach(claim -> byEntry.merge(claim.entry(), growth(claim.spec(), observed), ByteSize::plus));
        ByteSize growth = byEntry.values().stream().reduce(ByteSize.ZERO, ByteSize::plus);
        ByteSize worst = growth.plus(host.diskPromised());
        if (growth.isZero() || worst.compareTo(host.diskAvailable()) <= 0) {
            return;
        }
        String there = host.diskPromised().isZero() ? ""
                : ", those that are there already " + host.diskPromised().rounded();
        problems.add(new Diagnostic(Code.DISK_EXCEEDS_HOST, Severity.WARNING, Optional.empty(),
                "disks that are new or larger can take " + growth.rounded() + " more" + there + ", but "
                        + host.diskAvailable().rounded() + " are free",
                "disks are thin: they take space as they are written; short by "
                        + worst.minusOrZero(host.diskAvailable()).rounded() + " when all are full; largest: "
                        + largest(byEntry),
                "make them smaller, or free some space", List.of()));
    }

    private static String largest(SortedMap<String, ByteSize> byEntry) {
        return byEntry.entrySet()
                .stream()
                .filter(entry -> !entry.getValue().isZero())
                .sorted(Map.Entry.<String, ByteSize>comparingByValue(Comparator.reverseOrder()))
                .limit(MOST_NAMED)
                .map(entry -> "`" + entry.getKey() + "` (" + entry.getValue().rounded() + ")")
                .collect(Collectors.joining(", "));
    }

    /** What the machine's disks can take beyond what they could before. */
    static ByteSize growth(MachineSpec spec, ObservedFleet observed) {
        return newOverlay(spec, observed).plus(newStorage(spec, observed));
    }

    private static ByteSize newOverlay(MachineSpec spec, ObservedFleet observed) {
        Optional<ByteSize> before = Optional.ofNullable(observed.machines().get(spec.name()))
                .flatMap(ObservedMachine::applied)
                .flatMap(applied -> applied.resources().overlay());
        return spec.resources().overlay().orElse(ByteSize.ZERO).minusOrZero(before.orElse(ByteSize.ZERO));
    }

    private static ByteSize newStorage(MachineSpec spec, ObservedFleet observed) {
        Map<DiskKey, ByteSize> kept = observed.keptOf(spec.name());
        return spec.resources()
                .persistentDisks()
                .entrySet()
                .stream()
                .map(disk -> disk.getValue().minusOrZero(kept.getOrDefault(disk.getKey(), ByteSize.ZERO)))
                .reduce(ByteSize.ZERO, ByteSize::plus);
    }
}
