package dev.provision.planner.plan;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

import dev.provision.planner.observed.ObservedFleet;
import dev.provision.planner.observed.ObservedMachine;
import dev.provision.schema.diagnostics.Code;
import dev.provision.schema.diagnostics.Diagnostic;
import dev.provision.schema.fleet.DiskKey;
import dev.provision.schema.fleet.MachineSpec;
import dev.provision.schema.units.ByteSize;

/** Persistent disks are never made smaller, and never silently made anew. */
final class StorageCheck {

    private StorageCheck() {}

    /** Disks that are there and larger than wanted. */
    static SortedMap<DiskKey, Diagnostic> shrinking(MachineSpec wanted, ObservedFleet observed) {
        SortedMap<DiskKey, Diagnostic> problems = new TreeMap<>();
        Map<DiskKey, ByteSize> kept = observed.keptOf(wanted.name());
        wanted.resources().persistentDisks().forEach((disk, size) -> {
            ByteSize there = kept.getOrDefault(disk, ByteSize.ZERO);
            if (size.compareTo(there) < 0) {
                problems.put(disk, shrinks(wanted.name(), disk, there, size)
                        .fix("ask for at least " + ByteSize.ofMib(there.mib()) + ", or give its data up: "
                                + giveUp(observed, wanted.name())));
            }
        });
        return problems;
    }

    private static Diagnostic shrinks(String machine, DiskKey disk, ByteSize there, ByteSize wanted) {
        return Diagnostic.error(Code.DISK_CANNOT_SHRINK,
                "the " + noun(disk) + " of `" + machine + "` has " + ByteSize.ofMib(there.mib())
                        + " and cannot shrink to "
                        + wanted)
                .why("a file system is never made smaller: data could be lost");
    }

    /**
     * Disks that a machine had when it was booted and has no longer, where they are wanted again or a VMM that runs may
     * still hold them open.
     */
    static SortedMap<DiskKey, Diagnostic> missing(MachineSpec wanted, ObservedMachine machine,
            ObservedFleet observed) {
        SortedMap<DiskKey, Diagnostic> problems = new TreeMap<>();
        if (machine.booted().isEmpty() || machine.applied().isEmpty()) {
            return problems;
        }
        boolean runs = MachineStates.runs(machine.state());
        for (DiskKey disk : machine.applied().get().resources().persistentDisks().keySet()) {
            boolean matters = runs || wanted.resources().persistentDisks().containsKey(disk);
            if (matters && !observed.keptOf(machine.name()).containsKey(disk)) {
                problems.put(disk, isGone(disk, machine.name(), runs).fix(remedy(disk, machine.name(), observed)));
            }
        }
        return problems;
    }

    private static Diagnostic isGone(DiskKey disk, String machine, boolean runs) {
        String copy = runs
                ? "; its VMM runs and still has it open: save the data first, through provision exec"
                : "";
        return Diagnostic.error(Code.STORAGE_MISSING, "the " + noun(disk) + " of `" + machine + "` is gone" + copy)
                .why("its file was moved or deleted outside of provision; a new, empty one would hide that");
    }

    /** One disk of several can be given up alone: by a stopped machine's manifest that does without it. */
    private static String remedy(DiskKey disk, String machine, ObservedFleet observed) {
        return "put the file back, or begin with an empty disk: " + (disk.isStorage() ? giveUp(observed, machine)
                : "provision stop " + machine + ", apply once without `" + disk + "`, then with it again");
    }

    private static String giveUp(ObservedFleet observed, String machine) {
        return "provision destroy --fleet " + observed.fleet() + " --target " + machine + " --storage";
    }

    private static String noun(DiskKey disk) {
        return disk.isStorage() ? "storage" : "disk `" + disk.name() + "`";
    }
}
