package dev.provision.provisioner.convergence;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

import dev.provision.planner.capacity.Share;

/**
 * Hands out the resource pool. A machine gets its whole share at once or waits: nothing is held while waiting, so nothing
 * can deadlock. First come, first served: a big machine is not overtaken for ever. What is held by those that run on may
 * exceed the pool, when it has become smaller: then nobody is admitted before enough has come back.
 */
final class Admission {

    /** Nothing will come back any more, so the share will never be there. */
    static final class NoRoomException extends Exception {
        NoRoomException(Share share, Share held, Share size) {
            super("the resource pool has no room for its " + share + ": " + held + " of " + size
                    + " are held for good");
        }
    }

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Deque<Object> queue = new ArrayDeque<>();
    private final Share size;
    private Share held = Share.NOTHING;
    private int lent;

    Admission(Share size) {
        this.size = size;
    }

    /** Counts a service that runs already: it keeps its share, whether that fits or not. */
    void keep(Share share) {
        change(() -> held = held.plus(share));
    }

    /** Counts a job that runs already: its share comes back by {@link #giveBack}. */
    void lend(Share share) {
        change(() -> {
            held = held.plus(share);
            lent++;
        });
    }

    /** Returns when the share is ours, to {@link #settle} or {@link #giveBack}; tells once if that takes waiting. */
    void acquire(Share share, Runnable whenWaiting) throws InterruptedException, NoRoomException {
        Object ticket = new Object();
        lock.lockInterruptibly();
        try {
            queue.addLast(ticket);
            if (!isAdmitted(ticket, share)) {
                whenWaiting.run();
            }
            while (!isAdmitted(ticket, share)) {
                if (ticket.equals(queue.peekFirst()) && lent == 0) {
                    throw new NoRoomException(share, held, size);
                }
                changed.await();
            }
            held = held.plus(share);
            lent++;
        } finally {
            queue.remove(ticket);
            changed.signalAll();
            lock.unlock();
        }
    }

    /**
     * For one that has its share already and boots again, with more perhaps: waits while jobs hold too much. When nothing
     * comes back any more it does not wait: it ran before, in the same pool.
     */
    void awaitRoom(Runnable whenWaiting) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            if (isCrowded()) {
                whenWaiting.run();
            }
            while (isCrowded()) {
                changed.await();
            }
        } finally {
            lock.unlock();
        }
    }

    /** A share that was acquired will not come back: its machine is a service. */
    void settle() {
        change(() -> lent--);
    }

    /** A share that was acquired or lent is free again. */
    void giveBack(Share share) {
        change(() -> {
            held = held.minus(share);
            lent--;
        });
    }

    private boolean isAdmitted(Object ticket, Share share) {
        return ticket.equals(queue.peekFirst()) && held.plus(share).fitsInto(size);
    }

    private boolean isCrowded() {
        return lent > 0 && !held.fitsInto(size);
    }

    private void change(Runnable change) {
        lock.lock();
        try {
            change.run();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
