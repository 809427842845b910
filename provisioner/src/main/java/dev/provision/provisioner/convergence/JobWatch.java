package dev.provision.provisioner.convergence;

import dev.provision.hypervisor.DriverException;
import dev.provision.planner.capacity.Share;
import dev.provision.planner.plan.MachineChange;
import dev.provision.provisioner.events.Event;
import dev.provision.schema.fleet.Condition;

/** Waits for the end of one job. It gives its share back then, and only then has it completed. */
final class JobWatch implements Runnable {

    private final RunContext context;
    private final MachineChange change;
    private final Share share;

    JobWatch(RunContext context, MachineChange change) {
        this.context = context;
        this.change = change;
        this.share = context.demandOf(change).wanted();
    }

    @Override
    public void run() {
        String failure = await();
        context.admission().release(share);
        Milestones reached = context.milestonesOf(change.machine());
        if (failure.isEmpty()) {
            reached.reach(Condition.COMPLETED);
        } else {
            reached.fail(failure);
        }
        context.admission().end();
    }

    /** Returns why the job has not completed; empty when it has. */
    private String await() {
        String job = "job `" + change.machine() + "`";
        try {
            int exitCode = context.driver().awaitCompletion(context.id(change.machine()));
            if (!share.equals(Share.NOTHING)) {
                context.emit(new Event.JobEnded(change.machine(), exitCode));
            }
            return exitCode == 0 ? "" : job + " ended with exit code " + exitCode;
        } catch (DriverException e) {
            return job + ": " + e.getMessage();
        } catch (InterruptedException e) {
            return "interrupted";
        } catch (RuntimeException | Error e) {
            // Nobody must wait for ever because of it.
            return "this is a bug in provision, while waiting for " + job + ": " + e;
        }
    }
}
