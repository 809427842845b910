package dev.provision.planner.capacity;

import java.util.Collection;
import java.util.Set;

import dev.provision.planner.host.Accelerator;
import dev.provision.planner.host.HostCapacity;
import dev.provision.planner.host.VmmOverhead;
import dev.provision.planner.observed.ObservedFleet;
import dev.provision.schema.diagnostics.Problems;
import dev.provision.schema.fleet.HostPolicy;

/** Does everything that will run fit the host and the policy? Every machine that does not is reported. */
public final class CapacityCheck {

    private CapacityCheck() {}

    /**
     * Reports what does not fit.
     *
     * @param claims
     *            the machines that will run, those of the manifest and those that run on beside them
     * @param observed
     *            what is there now: its disks and ports are the fleet's already
     */
    public static void run(Collection<Claim> claims, HostPolicy policy, ObservedFleet observed, HostCapacity host,
            Accelerator accelerator, ResourcePool pool, Problems problems) {
        run(claims, Set.of(), policy, observed, host, accelerator, pool, problems);
    }

    /**
     * As above.
     *
     * @param left
     *            names of machines that stay as they are, also of those that nobody knows the claims of
     */
    public static void run(Collection<Claim> claims, Set<String> left, HostPolicy policy, ObservedFleet observed,
            HostCapacity host, Accelerator accelerator, ResourcePool pool, Problems problems) {
        MachineLimits limits = new MachineLimits(policy, host, problems);
        // Those that run on as they are fit already; they count for what they hold.
        claims.stream().filter(claim -> claim.written().isPresent()).forEach(limits::check);
        PoolCheck.run(claims, pool, host, problems);
        VmmOverhead overhead = VmmOverhead.under(accelerator);
        PhysicalMemoryCheck.run(claims, policy, overhead, ResourcePool.reachable(host, observed, overhead), problems);
        DiskCheck.run(claims, observed, host, problems);
        GpuCheck.run(claims, host.devices().gpus(), problems);
        PortCheck.run(claims, left, observed, host, problems);
        VolumeCheck.run(claims, left, host.unusable(), problems);
        HugePagesCheck.run(new HugePageDemand(claims, left, observed, host.hugePages()), problems);
    }

    /**
     * Reports what of a plan that was made before is in the way by now: memory, huge pages, disk space, ports and folders change by themselves. What
     * machines and policy allow does not, and the pool is the plan's to look at.
     *
     * @param left
     *            names of machines that stay as they are
     * @param pool
     *            as the plan has it
     */
    public static void again(Collection<Claim> claims, Set<String> left, ResourcePool pool, ObservedFleet observed,
            HostCapacity host, Accelerator accelerator, Problems problems) {
        if (pool.automatic().isEmpty()) {
            VmmOverhead overhead = VmmOverhead.under(accelerator);
            PhysicalMemoryCheck.ofFixedPool(claims, overhead, ResourcePool.reachable(host, observed, overhead),
                    problems);
        }
        DiskCheck.run(claims, observed, host, problems);
        PortCheck.run(claims, left, observed, host, problems);
        VolumeCheck.run(claims, left, host.unusable(), problems);
        HugePagesCheck.run(new HugePageDemand(claims, left, observed, host.hugePages()), problems);
    }

    /** Reports only which host ports of these machines are taken or not this host's, and which folders and huge pages cannot be had; parameters as above. */
    public static void startable(Collection<Claim> claims, Set<String> left, ObservedFleet observed, HostCapacity host,
            Problems problems) {
        PortCheck.run(claims, left, observed, host, problems);
        VolumeCheck.run(claims, left, host.unusable(), problems);
        HugePagesCheck.run(new HugePageDemand(claims, left, observed, host.hugePages()), problems);
    }
}
