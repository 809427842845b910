package dev.provision.schema.fleet;

import dev.provision.schema.units.Cpus;

/**
 * CPUs of one machine.
 *
 * @param request
 *            what admission reserves from the pool
 * @param limit
 *            the most the machine may use; it sees {@code limit} rounded up to whole vCPUs
 * @param max
 *            what {@code limit} can be raised to while the machine runs; fixed at boot
 * @param hotplug
 *            the vCPUs between {@code limit} and {@code max} are not in the machine when it boots: they are plugged in
 */
public record CpuRange(Cpus request, Cpus limit, Cpus max, boolean hotplug) {
    public CpuRange {
        if (request.compareTo(limit) > 0 || limit.compareTo(max) > 0) {
            throw new IllegalArgumentException("not request <= limit <= max: " + request + ", " + limit + ", " + max);
        }
    }

    /** Those up to {@code max} are there from the start, off line. */
    public CpuRange(Cpus request, Cpus limit, Cpus max) {
        this(request, limit, max, false);
    }

    public static CpuRange exactly(Cpus cpus) {
        return new CpuRange(cpus, cpus, cpus);
    }
}
