package dev.provision.provisioner.convergence;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import dev.provision.planner.capacity.Share;
import dev.provision.schema.units.ByteSize;
import dev.provision.schema.units.Cpus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

@Timeout(30)
class AdmissionTest {

    private final Admission admission = new Admission(share(100));
    private final List<String> order = Collections.synchronizedList(new ArrayList<>());

    private static Share share(int mib) {
        return new Share(new Cpus(mib), ByteSize.ofMib(mib));
    }

    /** Returns once the request stands in the queue. */
    private Thread queue(String name, int mib) throws InterruptedException {
        CountDownLatch waits = new CountDownLatch(1);
        Thread thread = Thread.ofVirtual().start(() -> {
            try {
                admission.acquire(share(mib), waits::countDown);
                order.add(name);
            } catch (Admission.NoRoomException e) {
                order.add(name + ": " + e.getMessage());
            } catch (InterruptedException e) {
                order.add(name + " interrupted");
            }
        });
        waits.await();
        return thread;
    }

    @Test
    void firstComeFirstServedAlsoWhenALaterOneWouldFit() throws Exception {
        admission.acquire(share(60), () -> order.add("waited"));
        Thread big = queue("big", 80);
        Thread small = queue("small", 20);
        assertEquals(List.of(), order, "small would fit, but came later");
        admission.giveBack(share(60));
        assertTrue(big.join(Duration.ofSeconds(5)));
        assertTrue(small.join(Duration.ofSeconds(5)));
        assertEquals(2, order.size());
    }

    @Test
    void interruptedOneLeavesTheQueueToTheNext() throws Exception {
        admission.acquire(share(60), () -> order.add("waited"));
        Thread big = queue("big", 80);
        Thread small = queue("small", 40);
        big.interrupt();
        assertTrue(small.join(Duration.ofSeconds(5)));
        assertTrue(big.join(Duration.ofSeconds(5)));
        assertTrue(order.contains("small") && order.contains("big interrupted"), order::toString);
    }

    @Test
    void poolThatIsHeldBeyondItsSizeAdmitsOnlyWhenEnoughCameBack() throws Exception {
        admission.keep(share(70));
        admission.lend(share(60));
        admission.lend(share(30));
        Thread waits = queue("waits", 20);
        admission.giveBack(share(30));
        assertEquals(List.of(), order, "130 of 100 are still held");
        admission.giveBack(share(60));
        assertTrue(waits.join(Duration.ofSeconds(5)));
        assertEquals(List.of("waits"), order);
    }

    @Test
    void nothingComesBackSoNothingIsAwaited() throws Exception {
        admission.acquire(share(60), () -> order.add("waited"));
        Thread big = queue("big", 80);
        admission.settle();
        assertTrue(big.join(Duration.ofSeconds(5)));
        assertTrue(order.getFirst().contains("no room for its 80 MiB memory"), order::toString);
        assertThrows(Admission.NoRoomException.class, () -> admission.acquire(share(41), () -> {}));
        admission.acquire(share(40), () -> order.add("waited"));
    }
}
