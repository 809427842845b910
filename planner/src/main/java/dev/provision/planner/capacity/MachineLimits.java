package dev.provision.planner.capacity;

import dev.provision.planner.host.HostCapacity;
import dev.provision.schema.diagnostics.Code;
import dev.provision.schema.diagnostics.Problems;
import dev.provision.schema.fleet.CpuSet;
import dev.provision.schema.fleet.HostPolicy;
import dev.provision.schema.fleet.Resources;
import dev.provision.schema.units.ByteSize;

/** Is each machine by itself one that this host can run and the policy allows? */
final class MachineLimits {

    private final HostPolicy policy;
    private final HostCapacity host;
    private final Problems problems;

    MachineLimits(HostPolicy policy, HostCapacity host, Problems problems) {
        this.policy = policy;
        this.host = host;
        this.problems = problems;
    }

    void check(Claim claim) {
        Resources resources = claim.spec().resources();
        if (resources.cpus().limit().vcpus() > host.cpus()) {
            exceedsHost(claim, "cpus", "limit", Share.text(resources.cpus().limit()),
                    "this host has " + host.cpus(), "ask for at most " + host.cpus());
        } else if (resources.cpus().max().vcpus() > host.maxVcpus()) {
            exceedsHost(claim, "cpus", "max", Share.text(resources.cpus().max()) + " at most",
                    "a machine here can have " + Share.vcpus(host.maxVcpus()),
                    "set cpus.max to at most " + host.maxVcpus());
        }
        resources.placement()
                .cpuset()
                .ifPresent(wanted -> host.online().ifPresent(there -> pinned(claim, wanted, there)));
        memory(claim, resources);
        policy.limitCpus()
                .filter(limit -> resources.cpus().limit().compareTo(limit) > 0)
                .ifPresent(limit -> exceedsPolicy(claim, "cpus", Share.text(resources.cpus().limit()),
                        Share.text(limit)));
        policy.limitMemory()
                .filter(limit -> resources.memory().limit().compareTo(limit) > 0)
                .ifPresent(limit -> exceedsPolicy(claim, "memory", resources.memory().limit() + " of memory",
                        limit.toString()));
    }

    /** The kernel takes a set of which one CPU is there: a machine with three of its four vCPUs on one core is no good news. */
    private void pinned(Claim claim, CpuSet wanted, CpuSet there) {
        if (!there.ids().containsAll(wanted.ids())) {
            problems.add(claim
                    .error(Code.MACHINE_EXCEEDS_HOST,
                            "`" + claim.entry() + "` is pinned to CPUs " + wanted + ", but this host has " + there,
                            "resources", "cpuset")
                    .fix("name CPUs that are there, or leave `cpuset` out"));
        }
    }

    /** The memory there is, or what the accelerator can address where that is less. */
    private void memory(Claim claim, Resources resources) {
        boolean addressed = host.maxMemory().compareTo(host.memoryTotal()) < 0;
        ByteSize ceiling = addressed ? host.maxMemory() : host.memoryTotal();
        if (resources.memory().max().compareTo(ceiling) > 0) {
            // Rounded down, as what is asked for at most: a part of a MiB is nobody's.
            long most = ceiling.bytes() >> 20;
            exceedsHost(claim, "memory", "max", resources.memory().max() + " of memory",
                    addressed ? "a machine here can address " + most + " MiB"
                            : "this host can give a machine " + most + " MiB",
                    "ask for at most " + most + "MiB");
        }
    }

    private void exceedsHost(Claim claim, String resource, String bound, String asked, String has, String fix) {
        problems.add(
                claim.error(Code.MACHINE_EXCEEDS_HOST, "`" + claim.entry() + "` asks for " + asked + ", but " + has,
                        "resources", resource, bound).fix(fix));
    }

    private void exceedsPolicy(Claim claim, String resource, String asked, String limit) {
        problems.add(claim
                .error(Code.MACHINE_EXCEEDS_POLICY,
                        "`" + claim.entry() + "` asks for " + asked + ", but `host.limits` allows " + limit,
                        "resources", resource, "limit")
                .fix("lower the machine's limit or raise `host.limits." + resource + "`"));
    }
}
