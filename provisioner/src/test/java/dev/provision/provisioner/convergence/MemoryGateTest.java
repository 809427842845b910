package dev.provision.provisioner.convergence;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import dev.provision.planner.capacity.ResourcePool;
import dev.provision.planner.capacity.ResourcePool.Automatic;
import dev.provision.planner.capacity.Share;
import dev.provision.planner.host.VmmOverhead;
import dev.provision.schema.units.ByteSize;
import dev.provision.schema.units.Cpus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

@Timeout(30)
class MemoryGateTest {

    private final AtomicLong mib = new AtomicLong(2_000);
    private final List<String> told = new ArrayList<>();

    private static ResourcePool pool(boolean automatic) {
        return pool(automatic, 1);
    }

    private static ResourcePool pool(boolean automatic, double overcommit) {
        return new ResourcePool(new Share(Cpus.of(8), ByteSize.ofGib(64)), 8, "for a test", VmmOverhead.NONE,
                automatic ? Optional.of(new Automatic(ByteSize.ofMib(1_500), overcommit)) : Optional.empty());
    }

    private MemoryGate gate(boolean automatic, int patienceMillis) {
        return new MemoryGate(pool(automatic), () -> ByteSize.ofMib(mib.get()), Duration.ofMillis(patienceMillis),
                Duration.ofMillis(1));
    }

    private void enter(MemoryGate gate, int size) throws Exception {
        gate.enter(ByteSize.ofMib(size), () -> told.add("waits"));
    }

    @Test
    void onlyWhatIsAboveTheReserveIsGivenAndWhatBootsCounts() throws Exception {
        MemoryGate gate = gate(true, 20);
        enter(gate, 300);
        gate.leave(ByteSize.ofMib(300));
        enter(gate, 500);
        gate.leave(ByteSize.ofMib(500));
        var thrown = assertThrows(MemoryGate.HostShortException.class, () -> enter(gate, 501));
        assertTrue(String.valueOf(thrown.getMessage()).contains("needs 501 MiB above the reserve of 1500 MiB"));
        assertEquals(List.of("waits"), told);
    }

    @Test
    void whileOthersOfOursBootNobodyIsGivenUp() throws Exception {
        MemoryGate gate = gate(true, 20);
        enter(gate, 300);
        Thread waits = Thread.ofVirtual().start(() -> {
            try {
                enter(gate, 300);
            } catch (Exception e) {
                told.add(e.toString());
            }
        });
        assertFalse(waits.join(Duration.ofMillis(200)), "ten times its patience");
        gate.leave(ByteSize.ofMib(300));
        assertTrue(waits.join(Duration.ofSeconds(10)));
        assertEquals(List.of("waits"), told);
    }

    @Test
    void overcommitMultipliesWhatIsAboveTheReserveOnce() throws Exception {
        MemoryGate gate = new MemoryGate(pool(true, 2), () -> ByteSize.ofMib(mib.get()), Duration.ofMillis(20),
                Duration.ofMillis(1));
        for (int i = 0; i < 4; i++) {
            enter(gate, 250);
        }
        assertEquals(List.of(), told, "twice 500 MiB");
    }

    @Test
    void whoWaitsGoesOnWhenMemoryComesBack() throws Exception {
        mib.set(1_000);
        MemoryGate gate = gate(true, 20_000);
        Thread waits = Thread.ofVirtual().start(() -> {
            try {
                gate.enter(ByteSize.ofMib(100), () -> mib.set(1_600));
            } catch (MemoryGate.HostShortException | InterruptedException e) {
                told.add(e.toString());
            }
        });
        assertTrue(waits.join(Duration.ofSeconds(10)));
        assertEquals(List.of(), told);
    }

    @Test
    void fixedPoolDoesNotLookAtTheHost() throws Exception {
        mib.set(0);
        enter(gate(false, 0), 10_000);
        assertEquals(List.of(), told);
    }
}
