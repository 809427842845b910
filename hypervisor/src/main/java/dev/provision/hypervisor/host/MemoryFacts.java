package dev.provision.hypervisor.host;

import java.util.List;

import dev.provision.hypervisor.host.cgroup.MemoryGroup;
import dev.provision.schema.units.ByteSize;

/**
 * Memory of this host.
 *
 * @param hostTotal memory the operating system manages
 * @param hostAvailable memory that new programs can take without swapping, as the operating system estimates it
 * @param groups cgroups with a limit that this process is in; machines it starts are in them too
 */
public record MemoryFacts(ByteSize hostTotal, ByteSize hostAvailable, List<MemoryGroup> groups) {

    /** Copies the list. */
    public MemoryFacts {
        groups = List.copyOf(groups);
    }

    /** The host's memory, or the tightest cgroup limit if that is less. */
    public ByteSize total() {
        return groups.stream().map(MemoryGroup::limit).reduce(hostTotal, MemoryFacts::min);
    }

    /** The host's available memory, or what the tightest cgroup leaves if that is less. */
    public ByteSize available() {
        return groups.stream().map(MemoryGroup::left).reduce(hostAvailable, MemoryFacts::min);
    }

    /** True if a cgroup allows less than the host has. */
    public boolean confined() {
        return total().compareTo(hostTotal) < 0;
    }

    private static ByteSize min(ByteSize a, ByteSize b) {
        return a.compareTo(b) <= 0 ? a : b;
    }
}
