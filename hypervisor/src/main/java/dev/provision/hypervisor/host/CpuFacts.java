package dev.provision.hypervisor.host;

import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

import dev.provision.schema.fleet.CpuSet;

/**
 * Processors of this host.
 *
 * @param online logical CPUs that are online
 * @param ids numbers of those that threads can be pinned to; empty where they are unknown
 * @param allowed of these, the ones this process may run on (sched_setaffinity(2), cpusets)
 * @param quota CPU time per second that a cgroup allows this process, in CPUs; empty if unlimited
 * @param maker vendor, as the CPU or the system names it; "" if unknown
 * @param model model name; "" if unknown
 * @param addressBits width of physical addresses; empty if unknown
 */
public record CpuFacts(int online, Optional<CpuSet> ids, int allowed, OptionalDouble quota, String maker, String model,
        OptionalInt addressBits) {

    /** CPUs that machines can count on: the allowed ones, or fewer under a quota, rounded up, at least 1. */
    public int usable() {
        var within = (int) Math.ceil(Math.min(allowed, quota.orElse(allowed)));
        return Math.max(1, within);
    }
}
