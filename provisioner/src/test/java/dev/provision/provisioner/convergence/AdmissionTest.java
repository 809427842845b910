package dev.provision.provisioner.convergence;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import dev.provision.planner.capacity.Share;
import dev.provision.planner.schedule.Ticket;
import dev.provision.schema.units.ByteSize;
import dev.provision.schema.units.Cpus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

@Timeout(30)
class AdmissionTest {

    private final Admission admission = new Admission(share(100), 100);
    private final List<String> order = Collections.synchronizedList(new ArrayList<>());
    private int arrivals;

    private static Share share(int mib) {
        return new Share(new Cpus(mib), ByteSize.ofMib(mib));
    }

    /** One that is admitted at once and goes on. */
    private void take(String name, int mib) throws Exception {
        admission.begin();
        admission.acquire(new Ticket(name, share(mib), arrivals++, true), () -> order.add(name + " waited"));
    }

    /** Returns once the request stands in the queue. */
    private Thread queue(String name, int mib) throws InterruptedException {
        CountDownLatch waits = new CountDownLatch(1);
        Ticket ticket = new Ticket(name, share(mib), arrivals++, true);
        admission.begin();
        Thread thread = Thread.ofVirtual().start(() -> {
            try {
                admission.acquire(ticket, waits::countDown);
                order.add(name);
            } catch (Admission.NoRoomException e) {
                order.add(name + ": " + e.getMessage());
            } catch (InterruptedException e) {
                order.add(name + " interrupted");
            }
            admission.end();
        });
        waits.await();
        return thread;
    }

    private static void hasEnded(Thread thread) throws InterruptedException {
        assertTrue(thread.join(Duration.ofSeconds(5)));
    }

    @Test
    void smallOneGoesPastABigOneThatStillComesToItsTurn() throws Exception {
        take("first", 60);
        Thread big = queue("big", 80);
        take("small", 20);
        assertEquals(List.of(), order, "nobody else waited");
        admission.release(share(60));
        hasEnded(big);
        assertEquals(List.of("big"), order);
    }

    @Test
    void interruptedOneLeavesTheQueueToTheNext() throws Exception {
        take("first", 60);
        Thread big = queue("big", 80);
        Thread other = queue("other", 50);
        big.interrupt();
        hasEnded(big);
        admission.release(share(10));
        hasEnded(other);
        assertEquals(List.of("big interrupted", "other"), order);
    }

    @Test
    void poolThatIsHeldBeyondItsSizeAdmitsOnlyWhenEnoughCameBack() throws Exception {
        admission.hold(share(160));
        admission.begin();
        Thread waits = queue("waits", 20);
        admission.release(share(30));
        assertEquals(List.of(), order, "130 of 100 are still held");
        admission.release(share(60));
        hasEnded(waits);
        assertEquals(List.of("waits"), order);
    }

    @Test
    void nothingComesBackSoNothingIsAwaited() throws Exception {
        take("first", 60);
        Thread big = queue("big", 80);
        Thread bigger = queue("bigger", 90);
        admission.end();
        hasEnded(big);
        hasEnded(bigger);
        assertTrue(order.getFirst().startsWith("big: the resource pool has no room for its 80 MiB memory"),
                order::toString);
        assertTrue(order.getLast().startsWith("bigger: "), order::toString);
        take("fits", 40);
    }

    @Test
    void whoWaitsForSomebodyInTheQueueGivesNothingBack() throws Exception {
        take("first", 60);
        Thread big = queue("big", 80);
        CompletableFuture<Void> milestone = new CompletableFuture<>();
        admission.begin();
        Thread dependent = Thread.ofVirtual().start(() -> {
            try {
                admission.awaiting(() -> !milestone.isDone(), milestone::join);
            } catch (InterruptedException e) {
                order.add("interrupted");
            }
        });
        admission.end();
        hasEnded(big);
        assertTrue(order.getFirst().startsWith("big: the resource pool has no room"), order::toString);
        milestone.complete(null);
        hasEnded(dependent);
    }

    @Test
    void whoIsAboutToGoOnMayStillGiveSomethingBack() throws Exception {
        take("first", 60);
        Thread big = queue("big", 80);
        CompletableFuture<Void> milestone = new CompletableFuture<>();
        admission.begin();
        CountDownLatch goesOn = new CountDownLatch(1);
        Thread dependent = Thread.ofVirtual().start(() -> {
            try {
                admission.awaiting(() -> !milestone.isDone(), goesOn::await);
                admission.release(share(60));
                admission.end();
            } catch (InterruptedException e) {
                order.add("interrupted");
            }
        });
        milestone.complete(null);
        admission.end();
        assertFalse(big.join(Duration.ofMillis(50)), "the dependent is decided, only not awake yet");
        goesOn.countDown();
        hasEnded(dependent);
        hasEnded(big);
        assertEquals(List.of("big"), order);
    }

    @Test
    void whoDoesNotComeForItsTicketKeepsNothing() throws Exception {
        take("first", 60);
        Ticket waits = new Ticket("waits", share(80), arrivals++, true);
        Ticket admitted = new Ticket("admitted", share(30), arrivals++, true);
        admission.enqueue(List.of(waits, admitted));
        Thread interrupted = Thread.ofVirtual().start(() -> {
            Thread.currentThread().interrupt();
            assertThrows(InterruptedException.class,
                    () -> admission.acquire(admitted, () -> order.add("admitted waited")));
        });
        hasEnded(interrupted);
        admission.withdraw(admitted);
        admission.withdraw(waits);
        take("last", 40);
        assertEquals(List.of(), order);
        admission.withdraw(waits);
        admission.release(share(100));
        take("all", 100);
        assertEquals(List.of(), order, "given back once");
    }

    /** In one instant, in either order: the share is the thread's or the pool's, and never nobody's. */
    @Test
    void whoIsInterruptedWhileItIsAdmittedLosesNothing() throws Exception {
        for (int round = 0; round < 300; round++) {
            take("first", 60);
            int before = order.size();
            Thread waits = queue("waits", 80);
            Thread interrupts = Thread.ofPlatform().start(waits::interrupt);
            admission.release(share(60));
            hasEnded(waits);
            interrupts.join();
            admission.returnSlot();
            if (order.get(before).equals("waits")) {
                admission.release(share(80));
                admission.returnSlot();
            }
            take("all", 100);
            assertEquals(before + 1, order.size(), order::toString);
            admission.release(share(100));
            admission.returnSlot();
        }
    }

    @Test
    void slotsBoundHowManyBootAtOnce() throws Exception {
        Admission two = new Admission(share(100), 1);
        two.begin();
        two.acquire(new Ticket("a", share(1), 0, true), () -> order.add("a waited"));
        two.acquire(new Ticket("change", share(1), 1, false), () -> order.add("change waited"));
        two.returnSlot();
        two.acquire(new Ticket("b", share(1), 2, true), () -> order.add("b waited"));
        assertThrows(Admission.NoRoomException.class,
                () -> two.acquire(new Ticket("c", share(1), 3, true), () -> order.add("c waited")));
        assertEquals(List.of("c waited"), order);
    }
}
