package dev.provision.planner.host;

import dev.provision.schema.units.ByteSize;

/**
 * What the host has, measured once before planning.
 *
 * @param cpus
 *            CPUs this process may use, at least 1
 * @param memoryTotal
 *            physical memory, or the control group's limit when that is smaller
 * @param memoryAvailable
 *            what new processes can have without swapping
 * @param diskAvailable
 *            free bytes where the machine store is
 * @param maxVcpus
 *            the most vCPUs one machine can have under the chosen accelerator and machine type
 * @param maxMemory
 *            the most memory one machine can address
 */
public record HostCapacity(int cpus, ByteSize memoryTotal, ByteSize memoryAvailable, ByteSize diskAvailable,
        int maxVcpus, ByteSize maxMemory) {}
