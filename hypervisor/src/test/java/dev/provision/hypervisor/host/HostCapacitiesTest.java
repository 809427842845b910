package dev.provision.hypervisor.host;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;

import org.junit.jupiter.api.Test;

import dev.provision.hypervisor.host.accelerator.AcceleratorDecision.Chosen;
import dev.provision.planner.host.Accelerator;
import dev.provision.planner.host.AcceleratorChoice;
import dev.provision.planner.host.HostCapacity;
import dev.provision.schema.units.ByteSize;

import static org.junit.jupiter.api.Assertions.assertEquals;

class HostCapacitiesTest {

    private static final HostFacts FACTS = new HostFacts("Linux", "amd64",
            new CpuFacts(8, Optional.empty(), 8, OptionalDouble.of(3.5), "", "", OptionalInt.of(46)),
            new MemoryFacts(ByteSize.ofGib(16), ByteSize.ofGib(9), List.of()), new ByteSize(4096),
            OptionalLong.of(2_000_000));

    private static HostCapacity capacity(Accelerator accelerator, OptionalInt vcpus, OptionalInt addressBits) {
        var chosen = new Chosen(new AcceleratorChoice(accelerator, ""), vcpus, addressBits, List.of());
        return HostCapacities.capacity(FACTS, chosen, ByteSize.ofGib(100), 288);
    }

    @Test
    void kvmIsBoundByTheCpuAndTheMachineType() {
        assertEquals(new HostCapacity(4, ByteSize.ofGib(16), ByteSize.ofGib(9), ByteSize.ofGib(100), 288,
                ByteSize.ofGib(64 * 1024)), capacity(Accelerator.KVM, OptionalInt.of(1024), OptionalInt.empty()));
    }

    @Test
    void hvfIsBoundByItsOwnLimits() {
        var capacity = capacity(Accelerator.HVF, OptionalInt.of(64), OptionalInt.of(36));
        assertEquals(64, capacity.maxVcpus());
        assertEquals(ByteSize.ofGib(64), capacity.maxMemory());
    }

    @Test
    void tcgHasAnAddressWidthOfItsOwn() {
        var capacity = capacity(Accelerator.TCG, OptionalInt.empty(), OptionalInt.empty());
        assertEquals(ByteSize.ofGib(1024), capacity.maxMemory());
    }
}
