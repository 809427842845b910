package dev.provision.hypervisor.qemu;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Test;

import dev.provision.hypervisor.DriverException;
import dev.provision.hypervisor.MachineId;
import dev.provision.planner.host.HugePagePools;
import dev.provision.planner.host.HugePagePools.Pool;
import dev.provision.schema.fleet.HugePages;
import dev.provision.schema.units.ByteSize;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

class HugePageGateTest {

    private static final MachineId ID = new MachineId("lab", "web-0");
    private static final ByteSize PAGE = ByteSize.ofMib(2);

    private static HugePagePools free(long pages) {
        return new HugePagePools(Optional.of(PAGE), List.of(new Pool(PAGE, 200, pages)));
    }

    @Test
    void aBootWaitsForThePagesOfThoseThatStop() throws Exception {
        AtomicInteger looks = new AtomicInteger();
        HugePageGate gate = new HugePageGate(() -> free(looks.incrementAndGet() < 3 ? 95 : 96), Duration.ofMinutes(1));
        gate.await(ID, Specs.inHugePages(Specs.service("web-0"), HugePages.MIB_2));
        assertEquals(3, looks.get(), "192 MiB are 96 pages");
    }

    @Test
    void whoWaitsTooLongIsTold() {
        HugePageGate gate = new HugePageGate(() -> free(95), Duration.ZERO);
        DriverException problem = assertThrows(DriverException.class,
                () -> gate.await(ID, Specs.inHugePages(Specs.service("web-0"), HugePages.STANDARD)));
        assertEquals("lab/web-0 does not start: it takes 96 huge pages of 2 MiB, and this host has 95 free of 200",
                problem.getMessage());
    }

    @Test
    void othersNeedNotWait() throws Exception {
        new HugePageGate(() -> free(0), Duration.ZERO).await(ID, Specs.service("web-0"));
    }
}
