package dev.provision.schema.fleet;

import java.util.Optional;

import dev.provision.schema.units.ByteSize;
import dev.provision.schema.units.Cpus;

/**
 * What a fleet may take from the host.
 *
 * @param pool
 *            the resource pool
 * @param reserve
 *            memory that an automatic pool leaves available
 * @param overcommitCpus
 *            factor for the CPUs of an automatic pool, at least 1
 * @param overcommitMemory
 *            factor for the memory of an automatic pool, at least 1
 * @param limitCpus
 *            the most CPUs one machine may have
 * @param limitMemory
 *            the most memory one machine may have
 * @param boots
 *            how many machines may boot at the same time; absent: as many as the host has CPUs
 */
public record HostPolicy(Pool pool, ByteSize reserve, double overcommitCpus, double overcommitMemory,
        Optional<Cpus> limitCpus, Optional<ByteSize> limitMemory, Optional<Integer> boots) {

    /** How large the resource pool is. */
    public sealed interface Pool {

        /** From what the host has when the plan is made. */
        record Auto() implements Pool {}

        /** A budget that does not depend on the host. */
        record Fixed(Cpus cpus, ByteSize memory) implements Pool {}
    }

    /** What holds where the manifest says nothing. */
    public static final HostPolicy DEFAULT = new HostPolicy(new Pool.Auto(), ByteSize.ofMib(1536), 4.0, 1.0,
            Optional.empty(), Optional.empty(), Optional.empty());

    public HostPolicy withPool(Pool other) {
        return new HostPolicy(other, reserve, overcommitCpus, overcommitMemory, limitCpus, limitMemory, boots);
    }

    /** With at most this many machines booting at the same time. */
    public HostPolicy withBoots(int atMost) {
        return new HostPolicy(pool, reserve, overcommitCpus, overcommitMemory, limitCpus, limitMemory,
                Optional.of(atMost));
    }
}
