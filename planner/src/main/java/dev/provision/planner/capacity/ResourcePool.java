package dev.provision.planner.capacity;

import dev.provision.planner.host.HostCapacity;
import dev.provision.planner.observed.MachineState;
import dev.provision.planner.observed.ObservedFleet;
import dev.provision.schema.fleet.HostPolicy;
import dev.provision.schema.units.ByteSize;
import dev.provision.schema.units.Cpus;

/**
 * What this fleet may take from the host, running machines included.
 *
 * @param maxConcurrentBoots
 *            how many machines may boot at the same time
 * @param origin
 *            where the numbers come from, {@code fixed} or {@code auto: …}
 */
public record ResourcePool(Share size, int maxConcurrentBoots, String origin) {

    /**
     * Auto: half the host's CPUs, at least 2, times the overcommit; the memory that is available or already ours, less
     * the reserve, times the overcommit. Fixed: just what it says.
     */
    public static ResourcePool of(HostPolicy policy, HostCapacity host, ObservedFleet observed) {
        return switch (policy.pool()) {
            case HostPolicy.Pool.Fixed fixed ->
                new ResourcePool(new Share(fixed.cpus(), fixed.memory()), host.cpus(), "fixed");
            case HostPolicy.Pool.Auto auto -> automatic(policy, host, observed);
        };
    }

    private static ResourcePool automatic(HostPolicy policy, HostCapacity host, ObservedFleet observed) {
        int half = Math.max(2, host.cpus() / 2);
        Cpus cpus = Cpus.of(half).times(policy.overcommitCpus());
        ByteSize reachable = host.memoryAvailable().plus(heldBy(observed));
        ByteSize mostEver = reachable.compareTo(host.memoryTotal()) < 0 ? reachable : host.memoryTotal();
        ByteSize memory = mostEver.minusOrZero(policy.reserve()).times(policy.overcommitMemory());
        String origin = "auto: half of " + host.cpus() + " host CPUs, at least 2, times "
                + Cpus.of(1).times(policy.overcommitCpus())
                + "; available memory less " + policy.reserve();
        return new ResourcePool(new Share(cpus, ByteSize.ofMib(memory.bytes() >> 20)), host.cpus(), origin);
    }

    /** Memory of the fleet's running machines: it comes back to the pool when they are changed. */
    private static ByteSize heldBy(ObservedFleet observed) {
        ByteSize held = ByteSize.ZERO;
        for (var machine : observed.machines().values()) {
            if (machine.state() instanceof MachineState.Running running) {
                held = held.plus(running.memory().orElse(ByteSize.ZERO));
            }
        }
        return held;
    }

    @Override
    public String toString() {
        return size + " (" + origin + ")";
    }
}
