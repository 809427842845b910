package dev.provision.provisioner.convergence;

import java.time.Duration;
import java.util.List;

import dev.provision.hypervisor.Driver;
import dev.provision.hypervisor.DriverException;
import dev.provision.hypervisor.MachineId;
import dev.provision.planner.plan.Step;
import dev.provision.schema.fleet.Probe;

/** Performs one step by the driver's operations. */
final class StepRunner {

    private final Driver driver;
    private final Duration stopGrace;

    StepRunner(Driver driver, Duration stopGrace) {
        this.driver = driver;
        this.stopGrace = stopGrace;
    }

    /** What others wait for of a machine that is started. */
    interface Progress {
        /** Its VMM runs. */
        void started();

        /** Its guest has booted; {@code probe} is what its readiness depends on now. */
        void booted(Probe probe);
    }

    void run(MachineId id, Step step, Progress progress) throws DriverException, InterruptedException {
        switch (step) {
            case Step.Create create -> driver.create(id, create.spec());
            case Step.Start start -> {
                driver.start(id, start.spec());
                progress.started();
                driver.awaitReady(id, start.spec(), () -> progress.booted(start.spec().ready().probe()));
            }
            case Step.Stop stop -> driver.stop(id, stopGrace);
            case Step.ResizeMemory resize -> driver.resizeMemory(id, resize.to());
            case Step.ResizeCpus resize -> driver.resizeCpus(id, resize.to());
            case Step.Limit limit -> driver.limit(id, limit.spec());
            case Step.ResizeShm resize -> driver.resizeShm(id, resize.to());
            case Step.ClosePorts close -> driver.forwardPorts(id, close.ports(), List.of());
            case Step.ForwardPorts forward -> driver.forwardPorts(id, List.of(), forward.ports());
            case Step.ShareNames share -> driver.shareNames(id, share.spec());
            case Step.GrowDisks grow -> driver.growDisks(id, grow.spec());
            case Step.AssignDevices assign -> driver.assignDevices(id, assign.devices());
            case Step.DiscardOverlay discard -> driver.discardOverlay(id);
            case Step.SaveSpec save -> driver.saveSpec(id, save.spec());
            case Step.Remove remove -> driver.remove(id, remove.withStorage());
        }
    }
}
