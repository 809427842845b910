package dev.provision.planner.host;

import java.util.List;
import java.util.Optional;
import java.util.Set;

import dev.provision.schema.fleet.CpuSet;
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
 * @param diskPromised
 *            what the thin disks that are in the store already, those of all fleets, can still take of that
 * @param maxVcpus
 *            the most vCPUs one machine can have under the chosen accelerator and machine type
 * @param maxMemory
 *            the most memory one machine can address
 * @param listening
 *            host ports that are held, at least those of them that were asked about
 * @param devices
 *            what machines may take over of the host
 * @param heldByFleet
 *            memory that the VMMs of the fleet's machines with a record have touched, which comes back when they end; absent
 *            where it cannot be told
 * @param online
 *            the CPUs by number, which vCPUs can be pinned to; absent where they are unknown
 * @param addresses
 *            IPv4 addresses of the host's network interfaces, as text; empty where they are unknown
 * @param unusable
 *            folders that cannot be volumes, at least those of them that were asked about
 * @param hugePages
 *            huge pages set aside, which are no part of {@code memoryAvailable}
 */
public record HostCapacity(int cpus, ByteSize memoryTotal, ByteSize memoryAvailable, ByteSize diskAvailable,
        ByteSize diskPromised, int maxVcpus, ByteSize maxMemory, List<ListeningPort> listening, DeviceInventory devices,
        Optional<ByteSize> heldByFleet, Optional<CpuSet> online, Set<String> addresses,
        List<UnusableFolder> unusable, HugePagePools hugePages) {

    public HostCapacity {
        listening = List.copyOf(listening);
        addresses = Set.copyOf(addresses);
        unusable = List.copyOf(unusable);
    }

    /** A host without devices to give away, with an empty store, and with all ports free. */
    public HostCapacity(int cpus, ByteSize memoryTotal, ByteSize memoryAvailable, ByteSize diskAvailable,
            int maxVcpus, ByteSize maxMemory) {
        this(cpus, memoryTotal, memoryAvailable, diskAvailable, ByteSize.ZERO, maxVcpus, maxMemory, List.of(),
                DeviceInventory.NONE, Optional.empty(), Optional.empty(), Set.of(), List.of(), HugePagePools.NONE);
    }

    /** The same host with these ports held. */
    public HostCapacity with(List<ListeningPort> others) {
        return new HostCapacity(cpus, memoryTotal, memoryAvailable, diskAvailable, diskPromised, maxVcpus, maxMemory,
                others, devices, heldByFleet, online, addresses, unusable, hugePages);
    }

    public HostCapacity with(DeviceInventory others) {
        return new HostCapacity(cpus, memoryTotal, memoryAvailable, diskAvailable, diskPromised, maxVcpus, maxMemory,
                listening, others, heldByFleet, online, addresses, unusable, hugePages);
    }

    /** The same host with a store whose disks can still take so much. */
    public HostCapacity withPromised(ByteSize promised) {
        return new HostCapacity(cpus, memoryTotal, memoryAvailable, diskAvailable, promised, maxVcpus, maxMemory,
                listening, devices, heldByFleet, online, addresses, unusable, hugePages);
    }

    /** The same host, of which the fleet's VMMs have touched so much memory. */
    public HostCapacity withHeld(ByteSize held) {
        return new HostCapacity(cpus, memoryTotal, memoryAvailable, diskAvailable, diskPromised, maxVcpus, maxMemory,
                listening, devices, Optional.of(held), online, addresses, unusable, hugePages);
    }

    /** The same host, on which these folders cannot be volumes. */
    public HostCapacity withUnusable(List<UnusableFolder> folders) {
        return new HostCapacity(cpus, memoryTotal, memoryAvailable, diskAvailable, diskPromised, maxVcpus, maxMemory,
                listening, devices, heldByFleet, online, addresses, folders, hugePages);
    }

    /** The same host, whose network interfaces have these IPv4 addresses. */
    public HostCapacity withAddresses(Set<String> own) {
        return new HostCapacity(cpus, memoryTotal, memoryAvailable, diskAvailable, diskPromised, maxVcpus, maxMemory,
                listening, devices, heldByFleet, online, own, unusable, hugePages);
    }

    /** The same host, whose CPUs have these numbers. */
    public HostCapacity withOnline(Optional<CpuSet> ids) {
        return new HostCapacity(cpus, memoryTotal, memoryAvailable, diskAvailable, diskPromised, maxVcpus, maxMemory,
                listening, devices, heldByFleet, ids, addresses, unusable, hugePages);
    }

    /** The same host, with these huge pages. */
    public HostCapacity withHugePages(HugePagePools others) {
        return new HostCapacity(cpus, memoryTotal, memoryAvailable, diskAvailable, diskPromised, maxVcpus, maxMemory,
                listening, devices, heldByFleet, online, addresses, unusable, others);
    }
}
