package dev.provision.planner.plan;

import java.util.Optional;

import dev.provision.planner.observed.ObservedFleet;
import dev.provision.planner.observed.ObservedMachine;
import dev.provision.schema.diagnostics.Code;
import dev.provision.schema.diagnostics.Diagnostic;
import dev.provision.schema.fleet.MachineSpec;

/** Persistent disks are never made smaller, and never silently made anew. */
final class StorageCheck {

    private StorageCheck() {}

    /** The disk that is there is larger than wanted. */
    static Optional<Diagnostic> shrinks(MachineSpec wanted, ObservedFleet observed) {
        Long kept = observed.storageKept().get(wanted.name());
        if (kept == null || wanted.resources().storage().isEmpty()
                || wanted.resources().storage().get().bytes() >= kept) {
            return Optional.empty();
        }
        long mib = kept >> 20;
        return Optional.of(Diagnostic.error(Code.DISK_CANNOT_SHRINK,
                "the storage of `" + wanted.name() + "` has " + mib + " MiB and cannot shrink to "
                        + wanted.resources().storage().get())
                .why("a file system is never made smaller: data could be lost")
                .fix("ask for at least " + mib + "MiB, or give its data up: " + giveUp(observed, wanted.name())));
    }

    /** A machine that had a disk when it was booted has it no longer; a running VMM may still hold it open. */
    static Optional<Diagnostic> isMissing(ObservedMachine machine, ObservedFleet observed) {
        boolean had = machine.booted().isPresent()
                && machine.applied().flatMap(spec -> spec.resources().storage()).isPresent();
        if (!had || observed.storageKept().containsKey(machine.name())) {
            return Optional.empty();
        }
        String copy = ChangePlanner.runs(machine.state())
                ? "; its VMM runs and still has it open: save the data first, through provision exec"
                : "";
        return Optional
                .of(Diagnostic.error(Code.STORAGE_MISSING, "the storage of `" + machine.name() + "` is gone" + copy)
                        .why("its file was moved or deleted outside of provision; a new, empty one would hide that")
                        .fix("put the file back, or begin with an empty disk: " + giveUp(observed, machine.name())));
    }

    private static String giveUp(ObservedFleet observed, String machine) {
        return "provision destroy --fleet " + observed.fleet() + " --target " + machine + " --storage";
    }
}
