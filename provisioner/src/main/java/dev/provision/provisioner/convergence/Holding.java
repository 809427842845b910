package dev.provision.provisioner.convergence;

import org.jspecify.annotations.Nullable;

import dev.provision.planner.capacity.Share;
import dev.provision.planner.schedule.Demand;
import dev.provision.planner.schedule.Ticket;
import dev.provision.provisioner.events.Outcome;
import dev.provision.schema.units.ByteSize;

/** What one machine holds of the resource pool while it is changed, and, of a job, until it ends. */
final class Holding {

    private final Admission admission;
    private final Demand demand;
    private Share held;
    private boolean ended;

    Holding(Admission admission, Demand demand) {
        this.admission = admission;
        this.demand = demand;
        this.held = demand.held();
    }

    /** What it takes to be as wanted. */
    synchronized Share missing() {
        return demand.wanted().minus(held);
    }

    /** Of what it holds, the memory. */
    synchronized ByteSize memory() {
        return held.memory();
    }

    boolean needsAdmission() {
        return demand.kind() == Demand.Kind.BOOTS || !missing().equals(Share.NOTHING);
    }

    /** What it waits with for what is missing, and for a slot to boot when it boots. */
    Ticket ticket(int rank) {
        return new Ticket(demand.machine(), missing(), rank, demand.kind() == Demand.Kind.BOOTS);
    }

    /** Returns when it has what the ticket is for. */
    void acquire(Ticket ticket, Runnable whenWaiting) throws InterruptedException, Admission.NoRoomException {
        admission.acquire(ticket, whenWaiting);
        synchronized (this) {
            held = held.plus(ticket.share());
        }
    }

    /** What it will not hold any more counts as given back, because others wait for it while it waits. */
    synchronized void giveSurplus() {
        Share surplus = held.minus(demand.wanted());
        admission.release(surplus);
        held = held.minus(surplus);
    }

    /** Its VMM is gone. */
    synchronized void giveBack() {
        admission.release(held);
        held = Share.NOTHING;
    }

    /** The job has ended, perhaps while it was being changed. */
    synchronized void end() {
        ended = true;
        giveBack();
    }

    /**
     * What becomes of what it holds when its run has ended. As wanted, it keeps what is wanted. Without a VMM it gives all
     * back, and so does a job whose start failed, or those in the queue would wait for ever. A service keeps it while its
     * VMM may run: the plan has proved that everybody else fits beside it.
     *
     * @param result
     *            absent when the run ended by an exception
     * @param startWasTried
     *            a new VMM may run
     * @param vmmMayRun
     *            that one, or the one before
     */
    synchronized void settle(@Nullable Outcome result, boolean startWasTried, boolean vmmMayRun) {
        if (result instanceof Outcome.Done && !ended) {
            admission.release(held.minus(demand.wanted()));
            held = demand.wanted();
        } else if (ended || !vmmMayRun || (demand.job() && startWasTried)) {
            giveBack();
        }
    }
}
