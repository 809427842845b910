package dev.provision.hypervisor.host.cgroup;

import dev.provision.schema.units.ByteSize;

/** A cgroup's limit and what of it is taken; page cache that can be dropped at once does not count as taken. */
public record MemoryGroup(ByteSize limit, ByteSize used) {

    public ByteSize left() {
        return limit.minusOrZero(used);
    }
}
