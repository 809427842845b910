package dev.provision.provisioner.convergence;

import java.util.Optional;

import dev.provision.hypervisor.DriverException;
import dev.provision.planner.capacity.Share;
import dev.provision.planner.plan.MachineChange;
import dev.provision.provisioner.events.Event;
import dev.provision.provisioner.events.Outcome;
import dev.provision.schema.fleet.Condition;

/** Waits for the end of one job. It gives its share back then, and only then has it completed. */
final class JobWatch implements Runnable {

    private final RunContext context;
    private final MachineChange change;
    private final Holding holding;
    private final boolean runs;

    JobWatch(RunContext context, MachineChange change) {
        this.context = context;
        this.change = change;
        this.holding = context.holdingOf(change);
        this.runs = !context.demandOf(change).wanted().equals(Share.NOTHING);
    }

    @Override
    public void run() {
        Optional<Outcome.Skipped> failure = await();
        holding.end();
        Milestones reached = context.milestonesOf(change.machine());
        failure.ifPresentOrElse(reached::fail, () -> reached.reach(Condition.COMPLETED));
        context.admission().end();
    }

    /** Returns what becomes of those that wait for its completion; empty when it has completed. */
    private Optional<Outcome.Skipped> await() {
        String job = "job `" + change.machine() + "`";
        try {
            int exitCode = context.driver().awaitCompletion(context.id(change.machine()));
            Milestones reached = context.milestonesOf(change.machine());
            reached.reach(Condition.STARTED);
            reached.reach(Condition.READY);
            if (!context.demandOf(change).job()) {
                reached.failCompletion(change.machine());
            }
            if (runs) {
                context.emit(new Event.JobEnded(change.machine(), exitCode));
            }
            // It runs once for a spec, so to apply again would skip them again.
            return exitCode == 0 ? Optional.empty()
                    : Optional.of(new Outcome.Skipped(job + " ended with exit code " + exitCode,
                            "run the job again: provision restart " + change.machine()));
        } catch (DriverException e) {
            return Optional.of(new Outcome.Skipped(job + ": " + e.getMessage()));
        } catch (InterruptedException e) {
            return Optional.of(new Outcome.Skipped("interrupted"));
        } catch (RuntimeException | Error e) {
            // Nobody must wait for ever because of it.
            return Optional.of(
                    new Outcome.Skipped("this is a bug in provision, while waiting for " + job + ": " + e));
        }
    }
}
