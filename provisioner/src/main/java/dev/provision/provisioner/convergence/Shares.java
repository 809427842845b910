package dev.provision.provisioner.convergence;

import org.jspecify.annotations.Nullable;

import dev.provision.planner.diff.Disruption;
import dev.provision.planner.plan.MachineChange;
import dev.provision.provisioner.events.Outcome;

/** Who holds a share of the resource pool, from when and until when. */
final class Shares {

    private Shares() {}

    static boolean isJob(MachineChange change) {
        return change.wanted().filter(spec -> spec.isJob()).isPresent();
    }

    /** A job that runs and is left running gives its share back when it ends. */
    static boolean isLentFromTheBeginning(MachineChange change) {
        return change.running() && !change.boots() && isJob(change);
    }

    /**
     * A service that runs has its share already, also when it boots again: it never competes with new machines for what
     * it has. A running job that begins anew queues like the others, or jobs that grow could wait for each other.
     */
    static boolean isHeldFromTheBeginning(MachineChange change) {
        return change.running() && !isJob(change);
    }

    /**
     * What becomes of the share that was acquired for a boot. A job that runs gives it back when it ends. A service keeps
     * it, also when its boot has failed: its VMM may run, and the plan has proved that everybody else fits beside it. A
     * job that fails gives it back, or those in the queue would wait for ever.
     *
     * @param result
     *            absent when the boot ended by an exception
     * @param startWasTried
     *            a VMM may run
     */
    static void afterBoot(Admission admission, MachineChange change, @Nullable Outcome result,
            boolean startWasTried) {
        boolean done = result instanceof Outcome.Done;
        if (isJob(change) ? !done : !done && !startWasTried) {
            admission.giveBack(change.share());
        } else if (!isJob(change)) {
            admission.settle();
        }
    }

    /** The job runs after the machine's steps, so its end is waited for. */
    static boolean isWatched(MachineChange change, Outcome result) {
        return isJob(change) && (change.boots() ? result instanceof Outcome.Done
                : change.running() && change.disruption() == Disruption.LIVE);
    }
}
