package dev.provision.planner.schedule;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;
import java.util.TreeSet;

import dev.provision.planner.capacity.Share;

/**
 * Who is admitted to the resource pool next. A machine gets its whole share and its boot slot at once or neither: nothing
 * is held while waiting, so nothing can deadlock. The one with the lowest rank comes first; one that does not fit is
 * passed by those that do, but only {@value #MOST_PASSES} times: then nobody is admitted before it. What is held may exceed
 * the pool, when that has become smaller: nobody who wants more is admitted until enough has come back.
 *
 * <p>
 * Bookkeeping without threads or clock: the simulation that makes a plan and the executor that follows it decide with the
 * same code.
 */
public final class AdmissionQueue {

    /** How many others may be admitted while a machine waits for room. */
    static final int MOST_PASSES = 32;

    /** How many that do not fit are looked at in one go, so that a queue of n machines takes n steps and not n². */
    private static final int WINDOW = 64;

    private static final class Waiting {
        private final Ticket ticket;
        private final long arrival;
        private long passes;

        private Waiting(Ticket ticket, long arrival) {
            this.ticket = ticket;
            this.arrival = arrival;
        }

        private int rank() {
            return ticket.rank();
        }
    }

    private final Share size;
    private final TreeSet<Waiting> byRank = new TreeSet<>(Comparator.comparingInt(Waiting::rank));
    private final SequencedSet<Waiting> passedTooOften = new LinkedHashSet<>();
    private final TreeSet<Waiting> needNothing = new TreeSet<>(Comparator.comparingInt(Waiting::rank));
    private Share held = Share.NOTHING;
    private int slots;
    private long arrivals;

    /**
     * @param slots
     *            how many machines may boot at the same time, at least 1
     */
    public AdmissionQueue(Share size, int slots) {
        this.size = size;
        this.slots = slots;
    }

    public Share held() {
        return held;
    }

    public boolean isEmpty() {
        return byRank.isEmpty() && passedTooOften.isEmpty() && needNothing.isEmpty();
    }

    /** Counts what is held already, whether it fits or not. */
    public void hold(Share share) {
        held = held.plus(share);
    }

    public void release(Share share) {
        held = held.minus(share);
    }

    /** A machine that was admitted has booted. */
    public void returnSlot() {
        slots++;
    }

    public void add(Ticket ticket) {
        (ticket.share().equals(Share.NOTHING) ? needNothing : byRank).add(new Waiting(ticket, arrivals++));
    }

    /** It does not wait any more. */
    public void remove(Ticket ticket) {
        needNothing.removeIf(waiting -> waiting.ticket.equals(ticket));
        byRank.removeIf(waiting -> waiting.ticket.equals(ticket));
        passedTooOften.removeIf(waiting -> waiting.ticket.equals(ticket));
    }

    /** Admits all that can be: their shares are held and their slots taken when this returns. */
    public List<Ticket> admit() {
        List<Ticket> admitted = new ArrayList<>();
        // Nobody is passed by who takes nothing; what such a one gives back may be what others wait for.
        for (Iterator<Waiting> queue = needNothing.iterator(); queue.hasNext();) {
            Waiting next = queue.next();
            if (fits(next.ticket)) {
                queue.remove();
                take(next.ticket, admitted);
            }
        }
        if (!admitPassedOnes(admitted)) {
            return admitted;
        }
        List<Waiting> ahead = new ArrayList<>();
        List<Waiting> passed = new ArrayList<>();
        Iterator<Waiting> queue = byRank.iterator();
        while (queue.hasNext() && passed.size() < WINDOW && passedTooOften.isEmpty()) {
            Waiting next = queue.next();
            if (fits(next.ticket)) {
                queue.remove();
                take(next.ticket, admitted);
                ahead.add(next);
                passed.forEach(waiting -> pass(waiting, 1));
            } else if (hasRoom(next.ticket)) {
                break; // it only lacks a slot, as would all others: those that need none have the lower ranks
            } else {
                passed.add(next);
                pass(next, ahead.stream().filter(other -> other.arrival > next.arrival).count());
            }
        }
        byRank.removeAll(passedTooOften);
        return admitted;
    }

    /** Returns whether others may follow: not while one of these still waits. */
    private boolean admitPassedOnes(List<Ticket> admitted) {
        for (Iterator<Waiting> queue = passedTooOften.iterator(); queue.hasNext();) {
            Waiting next = queue.next();
            if (!fits(next.ticket)) {
                return false;
            }
            queue.remove();
            take(next.ticket, admitted);
        }
        return true;
    }

    private void pass(Waiting waiting, long others) {
        waiting.passes += others;
        if (waiting.passes >= MOST_PASSES) {
            passedTooOften.addLast(waiting);
        }
    }

    private void take(Ticket ticket, List<Ticket> admitted) {
        held = held.plus(ticket.share());
        slots -= ticket.boots() ? 1 : 0;
        admitted.add(ticket);
    }

    private boolean fits(Ticket ticket) {
        return (!ticket.boots() || slots > 0) && hasRoom(ticket);
    }

    /** One that asks for no more memory does not wait for memory, whatever is held. */
    private boolean hasRoom(Ticket ticket) {
        Share after = held.plus(ticket.share());
        boolean cpus = ticket.share().cpus().millis() == 0 || after.cpus().compareTo(size.cpus()) <= 0;
        boolean memory = ticket.share().memory().bytes() == 0 || after.memory().compareTo(size.memory()) <= 0;
        return cpus && memory;
    }
}
