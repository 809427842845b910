package dev.provision.provisioner.convergence;

import java.time.Duration;
import java.util.Optional;

import dev.provision.hypervisor.DriverException;
import dev.provision.planner.capacity.Share;
import dev.provision.planner.observed.MachineState;
import dev.provision.planner.observed.ObservedMachine;
import dev.provision.planner.plan.MachineChange;
import dev.provision.provisioner.events.Event;
import dev.provision.provisioner.events.Outcome;
import dev.provision.schema.fleet.Condition;

/** Waits for the end of one job. It gives its share back then, and only then has it completed. */
final class JobWatch implements Runnable {

    /** Of a command that was ended at its deadline, as timeout(1) has it. */
    private static final int LATE = 124;

    private final RunContext context;
    private final MachineChange change;
    private final Holding holding;
    private final boolean runs;

    JobWatch(RunContext context, MachineChange change) {
        this.context = context;
        this.change = change;
        this.holding = context.holdingOf(change);
        this.runs = change.endsJob() || !context.demandOf(change).wanted().equals(Share.NOTHING);
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
            Event.JobEnded end = new Event.JobEnded(change.machine(), exitCode, exceeded(exitCode));
            tell(end);
            // It runs once for a spec, so to apply again would skip them again.
            return exitCode == 0 ? Optional.empty()
                    : Optional.of(new Outcome.Skipped(job + " " + end.how(),
                            "run the job again: provision restart " + change.machine()));
        } catch (DriverException e) {
            context.jobEnds().lost(change.machine(), e);
            return Optional.of(new Outcome.Skipped(job + ": " + e.getMessage()));
        } catch (InterruptedException e) {
            return Optional.of(new Outcome.Skipped("interrupted"));
        } catch (RuntimeException | Error e) {
            // Nobody must wait for ever because of it.
            return Optional.of(
                    new Outcome.Skipped("this is a bug in provision, while waiting for " + job + ": " + e));
        }
    }

    private void tell(Event.JobEnded end) {
        if (context.jobEnds().isAwaited(end.machine())) {
            context.jobEnds().ended(end, context.driver().lastOutput(context.id(end.machine())));
        }
        if (runs) {
            context.emit(end);
        }
    }

    /** The deadline that it was ended at: a command may end with that code by itself too. */
    private Optional<Duration> exceeded(int exitCode) throws DriverException, InterruptedException {
        Optional<MachineState> state = exitCode != LATE ? Optional.empty()
                : context.driver().observe(context.id(change.machine())).map(ObservedMachine::state);
        if (state.isEmpty() || !(state.get() instanceof MachineState.Completed done)) {
            return Optional.empty();
        }
        if (done.byHost() && runs) {
            context.emit(new Event.Noticed(change.machine(),
                    "its guest did not end its command at the deadline, so its VMM was ended"));
        }
        return done.exceeded();
    }
}
