package dev.provision.planner.schedule;

import java.util.List;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

import dev.provision.planner.capacity.Share;
import dev.provision.schema.units.ByteSize;
import dev.provision.schema.units.Cpus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

class AdmissionQueueTest {

    private static Share share(int cpus, int mib) {
        return new Share(Cpus.of(cpus), ByteSize.ofMib(mib));
    }

    private static Ticket ticket(String machine, int rank, int mib) {
        return new Ticket(machine, share(1, mib), rank, true);
    }

    private static List<String> names(List<Ticket> tickets) {
        return tickets.stream().map(Ticket::machine).toList();
    }

    @Test
    void lowestRankFirstWhateverTheOrderOfArrival() {
        AdmissionQueue queue = new AdmissionQueue(share(100, 100), 2);
        queue.add(ticket("late", 2, 10));
        queue.add(ticket("first", 0, 10));
        queue.add(ticket("second", 1, 10));
        assertEquals(List.of("first", "second"), names(queue.admit()), "two slots");
        assertEquals(List.of(), names(queue.admit()));
        queue.returnSlot();
        assertEquals(List.of("late"), names(queue.admit()));
        assertEquals(share(3, 30), queue.held());
    }

    @Test
    void smallOneThatFitsGoesPastABigOneThatDoesNot() {
        AdmissionQueue queue = new AdmissionQueue(share(100, 100), 9);
        queue.hold(share(1, 50));
        queue.add(ticket("big", 0, 60));
        queue.add(ticket("small", 1, 40));
        assertEquals(List.of("small"), names(queue.admit()));
        queue.release(share(1, 50));
        assertEquals(List.of("big"), names(queue.admit()));
    }

    @Test
    void bigOneIsPassedOnlySoOften() {
        AdmissionQueue queue = new AdmissionQueue(share(100, 100), 1000);
        queue.hold(share(1, 1));
        queue.add(ticket("big", 0, 100));
        IntStream.range(0, 50).forEach(i -> queue.add(ticket("small-" + i, 1 + i, 1)));
        assertEquals(AdmissionQueue.MOST_PASSES, queue.admit().size(), "in one go");
        assertEquals(List.of(), names(queue.admit()), "there is room, but big's turn has come");
        queue.release(share(1 + AdmissionQueue.MOST_PASSES, 1 + AdmissionQueue.MOST_PASSES));
        assertEquals(List.of("big"), names(queue.admit()));
        queue.release(share(1, 100));
        assertEquals(50 - AdmissionQueue.MOST_PASSES, queue.admit().size());
        assertTrue(queue.isEmpty());
    }

    @Test
    void streamOfBetterRanksDoesNotKeepABigOneOutForEver() {
        AdmissionQueue queue = new AdmissionQueue(share(100, 100), 1000);
        queue.hold(share(1, 50));
        queue.add(ticket("big", 1000, 100));
        int passes = 0;
        for (int rank = 0; rank < 100; rank++) {
            queue.add(ticket("small-" + rank, rank, 1));
            passes += queue.admit().size();
        }
        assertTrue(passes <= 2 * AdmissionQueue.MOST_PASSES, passes + " went past it");
    }

    @Test
    void whoNeedsNoMoreIsAdmittedHoweverMuchIsHeld() {
        AdmissionQueue queue = new AdmissionQueue(share(4, 100), 1);
        queue.hold(share(2, 150));
        queue.add(new Ticket("again", Share.NOTHING, 0, true));
        queue.add(new Ticket("cpus", share(2, 0), 1, false));
        queue.add(new Ticket("memory", share(0, 1), 2, false));
        assertEquals(List.of("again", "cpus"), names(queue.admit()));
        queue.release(share(0, 51));
        assertEquals(List.of("memory"), names(queue.admit()));
    }

    @Test
    void whoLeavesTheQueueIsNotAdmitted() {
        AdmissionQueue queue = new AdmissionQueue(share(4, 100), 1);
        queue.hold(share(0, 100));
        Ticket ticket = ticket("a", 0, 1);
        queue.add(ticket);
        queue.admit();
        assertFalse(queue.isEmpty());
        queue.remove(ticket);
        queue.release(share(0, 100));
        assertEquals(List.of(), names(queue.admit()));
    }
}
