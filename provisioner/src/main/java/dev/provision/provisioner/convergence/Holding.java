package dev.provision.provisioner.convergence;

import org.jspecify.annotations.Nullable;

import dev.provision.planner.capacity.Share;
import dev.provision.planner.schedule.Demand;
import dev.provision.planner.schedule.Ticket;
import dev.provision.provisioner.events.Outcome;
import dev.provision.schema.units.ByteSize;

/** What one machine holds of the resource pool while it is changed. */
final class Holding {

    private final Admission admission;
    private final Demand demand;
    private Share held;

    Holding(Admission admission, Demand demand) {
        this.admission = admission;
        this.demand = demand;
        this.held = demand.held();
    }

    /** What it takes to be as wanted. */
    Share missing() {
        return demand.wanted().minus(held);
    }

    /** Of what it holds, the memory. */
    ByteSize memory() {
        return held.memory();
    }

    boolean needsAdmission() {
        return demand.kind() == Demand.Kind.BOOTS || !missing().equals(Share.NOTHING);
    }

    /** Returns when it has what is missing, and a slot to boot when it boots. */
    void acquire(int rank, Runnable whenWaiting) throws InterruptedException, Admission.NoRoomException {
        Share missing = missing();
        admission.acquire(new Ticket(demand.machine(), missing, rank, demand.kind() == Demand.Kind.BOOTS), whenWaiting);
        held = held.plus(missing);
    }

    /** Its VMM is gone. */
    void giveBack() {
        admission.release(held);
        held = Share.NOTHING;
    }

    /**
     * What becomes of what it holds when its run has ended. As wanted, it keeps what is wanted. What nothing was done to
     * keeps what it has. A job that failed gives all back, or those in the queue would wait for ever. A service keeps it:
     * its VMM may run, and the plan has proved that everybody else fits beside it.
     *
     * @param result
     *            absent when the run ended by an exception
     * @param startWasTried
     *            a new VMM may run
     */
    void settle(@Nullable Outcome result, boolean startWasTried) {
        if (result instanceof Outcome.Done) {
            admission.release(held.minus(demand.wanted()));
            held = demand.wanted();
        } else if (demand.kind() == Demand.Kind.BOOTS) {
            boolean ranBefore = !demand.held().equals(Share.NOTHING);
            if (demand.job() ? startWasTried || !ranBefore : !startWasTried && !ranBefore) {
                giveBack();
            }
        }
    }
}
