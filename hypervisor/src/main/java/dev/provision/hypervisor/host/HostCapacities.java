package dev.provision.hypervisor.host;

import dev.provision.hypervisor.host.accelerator.AcceleratorDecision.Chosen;
import dev.provision.planner.host.HostCapacity;
import dev.provision.schema.units.ByteSize;

/** Turns facts and the chosen accelerator into the planner's view of the host. Pure. */
public final class HostCapacities {

    /** Physical address width of QEMU's emulated CPUs (TCG_PHYS_ADDR_BITS in target/i386/cpu.h). */
    private static final int TCG_ADDRESS_BITS = 40;
    /** Where neither accelerator nor CPU says: the smallest width of any 64-bit host of the last decade. */
    private static final int LEAST_ADDRESS_BITS = 36;
    /** The largest width whose size still is a {@link ByteSize}. */
    private static final int MOST_ADDRESS_BITS = 62;

    private HostCapacities() {}

    /**
     * What machines may take in all, and one machine at most.
     *
     * @param diskAvailable free space where the machine store is, see {@link HostProbe#freeDisk}
     * @param machineTypeVcpus the most vCPUs that QEMU's machine type takes, such as 288 for microvm
     */
    public static HostCapacity capacity(HostFacts facts, Chosen accelerator, ByteSize diskAvailable,
            int machineTypeVcpus) {
        var memory = facts.memory();
        var maxVcpus = Math.min(machineTypeVcpus, accelerator.maxVcpus().orElse(machineTypeVcpus));
        return new HostCapacity(facts.cpus().usable(), memory.total(), memory.available(), diskAvailable, maxVcpus,
                new ByteSize(1L << Math.min(MOST_ADDRESS_BITS, addressBits(facts, accelerator))))
                .withOnline(facts.cpus().ids());
    }

    private static int addressBits(HostFacts facts, Chosen accelerator) {
        return switch (accelerator.choice().accelerator()) {
            case TCG -> TCG_ADDRESS_BITS;
            case KVM, HVF -> accelerator.addressBits().orElse(facts.cpus().addressBits().orElse(LEAST_ADDRESS_BITS));
        };
    }
}
