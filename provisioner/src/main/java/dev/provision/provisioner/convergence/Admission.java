package dev.provision.provisioner.convergence;

import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

import dev.provision.planner.capacity.Share;
import dev.provision.planner.schedule.AdmissionQueue;
import dev.provision.planner.schedule.Ticket;

/**
 * Hands out the resource pool to threads, in the order of the plan's own queue. It knows which runs go on by themselves: when
 * none does, nothing comes back any more, and who waits is told so instead of waiting for ever.
 */
final class Admission {

    /** Nothing will come back any more, so the share will never be there. */
    static final class NoRoomException extends Exception {
        NoRoomException(Share share, Share held, Share size) {
            super("the resource pool has no room for its " + share + ": " + held + " of " + size
                    + " are held for good");
        }
    }

    /** Waits for another machine. */
    @FunctionalInterface
    interface Await<E extends Exception> {
        void await() throws E, InterruptedException;
    }

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Share size;
    private final AdmissionQueue queue;
    private final Set<Ticket> enqueued = new HashSet<>();
    private final Set<Ticket> admitted = new HashSet<>();
    private final Set<BooleanSupplier> awaited = new HashSet<>();
    private final Set<Ticket> waiting = new LinkedHashSet<>();
    private int active;

    Admission(Share size, int slots) {
        this.size = size;
        this.queue = new AdmissionQueue(size, slots);
    }

    /** Counts what is held already, whether it fits or not. */
    void hold(Share share) {
        change(() -> queue.hold(share));
    }

    /** Something begins that may give shares back: a machine's run, or a job that is watched. */
    void begin() {
        change(() -> active++);
    }

    /** It has ended; whoever waited for it has been told before. */
    void end() {
        change(() -> active--);
    }

    void release(Share share) {
        change(() -> queue.release(share));
    }

    /** A machine that was admitted has booted, or never will. */
    void returnSlot() {
        change(queue::returnSlot);
    }

    /**
     * These wait from now on, and whoever comes first in the plan is admitted first, whichever thread asks first. Each must
     * {@link #acquire} its ticket or {@link #withdraw} it.
     */
    void enqueue(List<Ticket> tickets) {
        change(() -> tickets.forEach(ticket -> {
            queue.add(ticket);
            enqueued.add(ticket);
        }));
    }

    /** It does not come for what it was enqueued for; nothing happens when it has. */
    void withdraw(Ticket ticket) {
        change(() -> {
            if (enqueued.remove(ticket)) {
                giveUp(ticket);
            }
        });
    }

    /** Returns when share and slot are ours; tells once if that takes waiting. Nothing of them is ours when it throws. */
    void acquire(Ticket ticket, Runnable whenWaiting) throws InterruptedException, NoRoomException {
        boolean ours = false;
        lock.lock();
        try {
            if (!enqueued.remove(ticket)) {
                queue.add(ticket);
            }
            waiting.add(ticket);
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            admit();
            if (!admitted.contains(ticket)) {
                whenWaiting.run();
                awaitTurn(ticket);
            }
            ours = true;
        } finally {
            waiting.remove(ticket);
            if (ours) {
                admitted.remove(ticket);
            } else {
                giveUp(ticket);
            }
            admit();
            lock.unlock();
        }
    }

    /** Also of who was admitted and has not seen it, because it was interrupted in the same instant. */
    private void giveUp(Ticket ticket) {
        if (admitted.remove(ticket)) {
            queue.release(ticket.share());
            if (ticket.boots()) {
                queue.returnSlot();
            }
        } else {
            queue.remove(ticket);
        }
    }

    private void awaitTurn(Ticket ticket) throws InterruptedException, NoRoomException {
        active--;
        try {
            changed.signalAll();
            while (!admitted.contains(ticket)) {
                if (isStuck() && ticket.equals(waiting.iterator().next())) {
                    throw new NoRoomException(ticket.share(), queue.held(), size);
                }
                changed.await();
            }
        } finally {
            active++;
        }
    }

    /**
     * Waits for another machine.
     *
     * @param undecided
     *            whether the other one has not come so far yet; from then on this run counts as one that goes on
     */
    <E extends Exception> void awaiting(BooleanSupplier undecided, Await<E> other) throws E, InterruptedException {
        change(() -> {
            awaited.add(undecided);
            active--;
        });
        try {
            other.await();
        } finally {
            change(() -> {
                awaited.remove(undecided);
                active++;
            });
        }
    }

    private boolean isStuck() {
        return active == 0 && admitted.isEmpty() && awaited.stream().allMatch(BooleanSupplier::getAsBoolean);
    }

    private void change(Runnable change) {
        lock.lock();
        try {
            change.run();
            admit();
        } finally {
            lock.unlock();
        }
    }

    private void admit() {
        admitted.addAll(queue.admit());
        changed.signalAll();
    }
}
