package dev.provision.hypervisor.qemu;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

import dev.provision.hypervisor.DriverException;
import dev.provision.hypervisor.MachineId;
import dev.provision.hypervisor.qemu.channel.Deadline;
import dev.provision.planner.host.HugePagePools;
import dev.provision.planner.host.HugePagePools.Pool;
import dev.provision.schema.fleet.MachineSpec;
import dev.provision.schema.units.ByteSize;

/**
 * Holds a boot back until the huge pages are free that it takes: a plan counts those of machines that stop, and these may be a
 * moment later.
 */
final class HugePageGate {

    private static final Duration POLL = Duration.ofMillis(100);

    private final Supplier<HugePagePools> pools;
    private final Duration patience;

    /**
     * @param pools
     *            as they are now
     */
    HugePageGate(Supplier<HugePagePools> pools, Duration patience) {
        this.pools = pools;
        this.patience = patience;
    }

    /** Returns at once for a machine in base pages, and where the host tells of no such pool: QEMU then says what is wrong. */
    void await(MachineId id, MachineSpec spec) throws DriverException, InterruptedException {
        ByteSize memory = spec.resources().memory().max();
        Deadline deadline = Deadline.in(patience);
        while (true) {
            Optional<Pool> pool = spec.resources().memory().hugepages().flatMap(pages -> pools.get().of(pages));
            if (pool.isEmpty() || pool.get().free() >= pool.get().pages(memory)) {
                return;
            }
            if (deadline.passed()) {
                throw new DriverException(id + " does not start: it takes " + pool.get().pages(memory)
                        + " huge pages of " + pool.get().page() + ", and this host has " + pool.get().free()
                        + " free of " + pool.get().total(),
                        "stop what uses them or have an administrator set more aside, then apply again");
            }
            deadline.pause(POLL);
        }
    }
}
