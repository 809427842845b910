package dev.provision.planner.host;

import java.util.Map;
import java.util.Set;

/**
 * What a driver declares of the machines it boots on one machine type under one accelerator. The planner takes the class
 * and the reason of a change from it, so what one runtime cannot do is said and never assumed.
 *
 * @param machineType
 *            the driver's name of the virtual hardware: {@code microvm}, {@code q35}, {@code virt}
 * @param live
 *            what can be changed of a machine while it runs
 * @param enforced
 *            limits that bind the machine; others are recorded only
 * @param obstacle
 *            why the other limits do not bind, a clause without a full stop; empty where all do
 * @param attached
 *            what a machine can be given beside CPUs, memory, disks and a network device
 * @param lacking
 *            why this host cannot give what the driver could give elsewhere
 * @param mostDisks
 *            the most named disks, volumes, fleet networks and devices of the host of one machine, taken together
 */
public record DriverCapabilities(String machineType, Accelerator accelerator, Set<LiveChange> live, Set<Limit> enforced,
        String obstacle, Set<Attachment> attached, Map<Attachment, Lack> lacking, int mostDisks) {

    /** A change that a running machine can take. */
    public enum LiveChange {
        /** vCPUs that were not there at boot, up to the most it was booted for. */
        ADD_VCPUS,
        /** vCPUs on and off line, among those that are there. */
        SWITCH_VCPUS,
        /** Memory that was not there at boot, up to the most it was booted for. */
        ADD_MEMORY,
        /** Memory within what is there, which a balloon cannot exceed. */
        BALLOON,
        /** Host ports that reach it. */
        PORTS,
        /** The size of {@code /dev/shm}. */
        SHM,
        /** Overlay and persistent disks that it has: device and file system in the guest become larger. */
        GROW_DISKS
    }

    /** What holds a machine to what its spec says. */
    public enum Limit {
        /** {@code cpus.limit}, where it is not a whole number of vCPUs. */
        CPU_LIMIT, CPUSET, SHARES,
        /** {@code memory.hard}. */
        MEMORY_HARD,
        /** {@code swap: false}. */
        NO_SWAP,
        /** {@code resources.io}. */
        IO
    }

    /** What a machine would not be what its manifest says without. */
    public enum Attachment {
        /** GPUs of the host, whole or partitions. */
        GPU,
        /** The GPU that the VMM emulates. */
        EMULATED_GPU, DEVICES, VOLUMES, FLEET_NETWORKS,
        /** Fleet networks on bridges of the host. */
        BRIDGES,
        /** Guest memory in huge pages of the host. */
        HUGE_PAGES
    }

    /**
     * What a host has to have, or be, for something to be attached.
     *
     * @param why
     *            one clause
     * @param fix
     *            an imperative sentence without a full stop
     */
    public record Lack(String why, String fix) {}

    public DriverCapabilities {
        lacking = Map.copyOf(lacking);
        live = Set.copyOf(live);
        enforced = Set.copyOf(enforced);
        attached = Set.copyOf(attached);
    }

    /** On a host that lacks nothing of what the driver needs. */
    public DriverCapabilities(String machineType, Accelerator accelerator, Set<LiveChange> live, Set<Limit> enforced,
            String obstacle, Set<Attachment> attached, int mostDisks) {
        this(machineType, accelerator, live, enforced, obstacle, attached, Map.of(), mostDisks);
    }

    /** Of a machine that the driver does not know: nothing of it can be changed while it runs. */
    public static DriverCapabilities none(String machineType, Accelerator accelerator) {
        return new DriverCapabilities(machineType, accelerator, Set.of(), Set.of(), "", Set.of(), 0);
    }

    public boolean can(LiveChange change) {
        return live.contains(change);
    }

    public boolean enforces(Limit limit) {
        return enforced.contains(limit);
    }

    public boolean attaches(Attachment attachment) {
        return attached.contains(attachment);
    }

    /** {@code microvm under kvm}. */
    public String runtime() {
        return machineType + " under " + accelerator.qemuName();
    }
}
