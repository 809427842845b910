package dev.provision.provisioner.convergence;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

import dev.provision.hypervisor.DriverException;
import dev.provision.planner.plan.MachineChange;
import dev.provision.planner.plan.Premise;
import dev.provision.planner.plan.Step;
import dev.provision.provisioner.events.Event;
import dev.provision.provisioner.events.Outcome;

/**
 * Does the steps of one machine. Just before the first one it looks whether the machine is still as the plan has found it:
 * it may have waited for minutes. A step that fails for a reason that may pass is tried again.
 */
final class MachineSteps {

    private static final Duration STOP_GRACE = Duration.ofSeconds(30);

    private final RunContext context;
    private final MachineChange change;
    private final StepRunner.Progress progress;
    private final StepRunner runner;
    private volatile @Nullable Step current;
    private volatile boolean vmmMayRun;

    MachineSteps(RunContext context, MachineChange change, StepRunner.Progress progress) {
        this.context = context;
        this.change = change;
        this.progress = progress;
        this.runner = new StepRunner(context.driver(), STOP_GRACE);
        this.vmmMayRun = change.running();
    }

    /** The last step that was begun. */
    Optional<Step> current() {
        return Optional.ofNullable(current);
    }

    /** A VMM of the machine may be there. */
    boolean vmmMayRun() {
        return vmmMayRun;
    }

    /** Does some of the steps, in their order; the ones after one that fails are not tried. */
    Outcome perform(List<Step> steps) throws InterruptedException {
        try {
            if (current == null) {
                Optional<String> otherwise = Premise.contradicts(change,
                        context.driver().observe(context.id(change.machine())));
                if (otherwise.isPresent()) {
                    return new Outcome.Skipped("it has changed since the plan was made: " + otherwise.get());
                }
            }
            for (Step step : steps) {
                perform(step);
            }
            return new Outcome.Done();
        } catch (DriverException e) {
            // A channel that an interrupt closes fails like any other: the interrupt tells them apart.
            return Thread.currentThread().isInterrupted() ? interrupted()
                    : new Outcome.Failed(String.valueOf(e.getMessage()), e.fix(), e.consoleTail());
        }
    }

    private Outcome interrupted() {
        Step step = current;
        return step == null ? new Outcome.Skipped(context.notBegun()) : new Outcome.Unknown(StepNames.of(step));
    }

    private void perform(Step step) throws DriverException, InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        current = step;
        vmmMayRun |= step instanceof Step.Start;
        context.emit(new Event.StepStarted(change.machine(), step));
        long start = System.nanoTime();
        attempt(step);
        vmmMayRun &= !(step instanceof Step.Stop || step instanceof Step.Remove);
        context.emit(new Event.StepDone(change.machine(), step, Duration.ofNanos(System.nanoTime() - start)));
    }

    private void attempt(Step step) throws DriverException, InterruptedException {
        int attempt = 1;
        for (Duration pause : context.retryPauses()) {
            try {
                runner.run(context.id(change.machine()), step, progress);
                return;
            } catch (DriverException e) {
                if (!e.isPassing() || Thread.currentThread().isInterrupted()) {
                    throw e;
                }
                context.emit(new Event.Retrying(change.machine(), step, String.valueOf(e.getMessage()), attempt++,
                        pause));
                Thread.sleep(pause);
            }
        }
        runner.run(context.id(change.machine()), step, progress);
    }
}
