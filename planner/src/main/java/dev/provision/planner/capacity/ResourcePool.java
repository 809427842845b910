package dev.provision.planner.capacity;

import java.util.Optional;

import dev.provision.planner.host.Accelerator;
import dev.provision.planner.host.HostCapacity;
import dev.provision.planner.host.VmmOverhead;
import dev.provision.planner.observed.MachineState;
import dev.provision.planner.observed.ObservedFleet;
import dev.provision.planner.observed.ObservedMachine;
import dev.provision.schema.fleet.HostPolicy;
import dev.provision.schema.fleet.MachineSpec;
import dev.provision.schema.units.ByteSize;
import dev.provision.schema.units.Cpus;

/**
 * What this fleet may take from the host, running machines included.
 *
 * @param maxConcurrentBoots
 *            how many machines may boot at the same time
 * @param origin
 *            where the numbers come from, {@code fixed} or {@code auto: …}
 * @param overhead
 *            what is counted for a machine's VMM: {@link VmmOverhead#NONE} in a fixed pool
 * @param automatic
 *            absent of a fixed pool
 */
public record ResourcePool(Share size, int maxConcurrentBoots, String origin, VmmOverhead overhead,
        Optional<Automatic> automatic) {

    /**
     * What an automatic pool is made by.
     *
     * @param reserve
     *            memory of the host that stays available
     * @param overcommit
     *            factor for the memory above it, at least 1
     */
    public record Automatic(ByteSize reserve, double overcommit) {}

    /** A pool that counts requests alone. */
    public ResourcePool(Share size, int maxConcurrentBoots, String origin) {
        this(size, maxConcurrentBoots, origin, VmmOverhead.NONE, Optional.empty());
    }

    /**
     * Auto: half the host's CPUs, at least 2, times the overcommit; the memory that is available or already ours, less
     * the reserve, times the overcommit. Fixed: just what it says.
     *
     * @param accelerator
     *            that machines boot with
     */
    public static ResourcePool of(HostPolicy policy, HostCapacity host, ObservedFleet observed,
            Accelerator accelerator) {
        return switch (policy.pool()) {
            case HostPolicy.Pool.Fixed fixed ->
                new ResourcePool(new Share(fixed.cpus(), fixed.memory()), policy.boots().orElse(host.cpus()), "fixed");
            case HostPolicy.Pool.Auto auto -> automatic(policy, host, observed, VmmOverhead.under(accelerator));
        };
    }

    /**
     * The same pool as the host can hold it now: an automatic one shrinks with the memory that is available.
     *
     * @param host
     *            as it is now
     * @param observed
     *            what the fleet holds of it
     */
    public ResourcePool on(HostCapacity host, ObservedFleet observed) {
        return automatic.map(auto -> {
            ByteSize memory = reachable(host, observed, overhead).minusOrZero(auto.reserve()).times(auto.overcommit());
            ByteSize whole = ByteSize.ofMib(memory.bytes() >> 20);
            Share now = new Share(size.cpus(), whole.compareTo(size.memory()) < 0 ? whole : size.memory());
            return new ResourcePool(now, maxConcurrentBoots, origin, overhead, automatic);
        }).orElse(this);
    }

    /**
     * What admission takes for a machine. An automatic pool is memory of the host, so the VMM's own needs count too; a
     * fixed one is a budget for requests alone, so that it is the same on every host.
     */
    public Share shareOf(MachineSpec spec) {
        return requestOf(spec).plus(new Share(new Cpus(0), overhead.of(spec)));
    }

    /** Of that, what is not for the VMM itself. Huge pages were set aside before: they are no memory that is available. */
    Share requestOf(MachineSpec spec) {
        return automatic.isPresent() ? new Share(spec.resources().cpus().request(), ofBasePages(spec)) : Share.of(spec);
    }

    /** What a machine takes of the host's available memory, its VMM not counted. */
    static ByteSize ofBasePages(MachineSpec spec) {
        return spec.resources().memory().hugepages().isPresent() ? ByteSize.ZERO : Share.of(spec).memory();
    }

    private static ResourcePool automatic(HostPolicy policy, HostCapacity host, ObservedFleet observed,
            VmmOverhead overhead) {
        int half = Math.max(2, host.cpus() / 2);
        Cpus cpus = Cpus.of(half).times(policy.overcommitCpus());
        ByteSize memory = reachable(host, observed, overhead).minusOrZero(policy.reserve())
                .times(policy.overcommitMemory());
        String origin = "auto: half of " + host.cpus() + " host CPUs, at least 2, times "
                + Cpus.of(1).times(policy.overcommitCpus())
                + "; available memory less " + policy.reserve();
        return new ResourcePool(new Share(cpus, ByteSize.ofMib(memory.bytes() >> 20)),
                policy.boots().orElse(host.cpus()), origin, overhead,
                Optional.of(new Automatic(policy.reserve(), policy.overcommitMemory())));
    }

    /** Memory that is available or the fleet's already, and never more than there is. */
    static ByteSize reachable(HostCapacity host, ObservedFleet observed, VmmOverhead overhead) {
        ByteSize held = host.heldByFleet().orElseGet(() -> heldBy(observed, overhead));
        ByteSize reachable = host.memoryAvailable().plus(held);
        return reachable.compareTo(host.memoryTotal()) < 0 ? reachable : host.memoryTotal();
    }

    /**
     * Memory of the fleet's running machines and their VMMs, by the model: it comes back to the pool when they are
     * changed. More than they have touched, where guests are idle.
     */
    private static ByteSize heldBy(ObservedFleet observed, VmmOverhead overhead) {
        ByteSize held = ByteSize.ZERO;
        for (ObservedMachine machine : observed.machines().values()) {
            boolean inHugePages = machine.applied()
                    .filter(spec -> spec.resources().memory().hugepages().isPresent())
                    .isPresent();
            ByteSize applied = inHugePages ? ByteSize.ZERO
                    : machine.applied().map(spec -> spec.resources().memory().limit()).orElse(ByteSize.ZERO);
            Optional<ByteSize> guest = switch (machine.state()) {
                case MachineState.Running running ->
                    Optional.of(inHugePages ? applied : running.memory().orElse(applied));
                case MachineState.Paused _ -> Optional.of(applied);
                case MachineState.Unresponsive _ -> Optional.of(applied);
                case MachineState.Orphan _,MachineState.Completed _,MachineState.Stopped _,MachineState.Dead _,MachineState.Created _,MachineState.Broken _ ->
                    Optional.empty();
            };
            ByteSize ofVmm = machine.applied().map(overhead::of).orElse(ByteSize.ZERO);
            held = guest.map(memory -> memory.plus(ofVmm)).orElse(ByteSize.ZERO).plus(held);
        }
        return held;
    }

    @Override
    public String toString() {
        return size + " (" + origin + ")";
    }
}
