package dev.provision.provisioner.convergence;

import dev.provision.planner.plan.Step;

/** Steps in words. */
public final class StepNames {

    private StepNames() {}

    /** One word for what kind of step it is, for programs: {@code start}, {@code resize-memory}. */
    public static String word(Step step) {
        return switch (step) {
            case Step.Create create -> "create";
            case Step.Start start -> "start";
            case Step.Stop stop -> "stop";
            case Step.ResizeMemory resize -> "resize-memory";
            case Step.ResizeCpus resize -> "resize-cpus";
            case Step.Limit limit -> "limit";
            case Step.ResizeShm resize -> "resize-shm";
            case Step.ClosePorts close -> "close-ports";
            case Step.ForwardPorts forward -> "forward-ports";
            case Step.ShareNames share -> "share-names";
            case Step.GrowDisks grow -> "grow-disks";
            case Step.AssignDevices assign -> "assign-devices";
            case Step.DiscardOverlay discard -> "discard-overlay";
            case Step.SaveSpec save -> "save-spec";
            case Step.Remove remove -> "remove";
        };
    }

    /** What is being done, {@code boot}, {@code memory 1 GiB → 512 MiB}. */
    public static String of(Step step) {
        return switch (step) {
            case Step.Create create -> "create";
            case Step.Start start -> "boot";
            case Step.Stop stop -> "stop";
            case Step.ResizeMemory resize -> "memory " + resize.from() + " → " + resize.to();
            case Step.ResizeCpus resize -> "vCPUs " + resize.from() + " → " + resize.to();
            case Step.Limit limit -> "limits";
            case Step.ResizeShm resize -> "shm " + resize.from() + " → " + resize.to();
            case Step.ClosePorts ports -> "close ports";
            case Step.ForwardPorts ports -> "forward ports";
            case Step.ShareNames share -> "names";
            case Step.GrowDisks grow -> "grow disks";
            case Step.AssignDevices assign -> "assign devices";
            case Step.DiscardOverlay discard -> "discard overlay";
            case Step.SaveSpec save -> "save spec";
            case Step.Remove remove -> remove.withStorage() ? "remove with storage" : "remove";
        };
    }
}
