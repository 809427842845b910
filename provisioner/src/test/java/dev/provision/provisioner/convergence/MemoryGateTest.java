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
import dev.provision.planner.capacity.VmmOverhead;
import dev.provision.schema.units.ByteSize;
import dev.provision.schema.units.Cpus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

@Timeout(30)
class MemoryGateTest {

    private final AtomicLong mib = new AtomicLong(2_000);
    private final List<String> told = new ArrayList<>();

    private static ResourcePool pool(boolean automatic) {
        return new ResourcePool(new Share(Cpus.of(8), ByteSize.ofGib(64)), 8, "for a test", VmmOverhead.NONE,
                automatic ? Optional.of(new Automatic(ByteSize.ofMib(1_500), 1)) : Optional.empty());
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
        var thrown = assertThrows(MemoryGate.HostShortException.class, () -> enter(gate, 300));
        assertTrue(String.valueOf(thrown.getMessage()).contains("needs 300 MiB above the reserve of 1500 MiB"));
        assertEquals(List.of("waits"), told);
        gate.leave(ByteSize.ofMib(300));
        enter(gate, 500);
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
