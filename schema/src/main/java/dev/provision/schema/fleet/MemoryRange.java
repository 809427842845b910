package dev.provision.schema.fleet;

import dev.provision.schema.units.ByteSize;

/**
 * Memory of one machine, whole MiB.
 *
 * @param request
 *            what admission reserves from the pool
 * @param limit
 *            what the guest has
 * @param max
 *            what {@code limit} can be raised to while the machine runs; fixed at boot
 */
public record MemoryRange(ByteSize request, ByteSize limit, ByteSize max) {
    public MemoryRange {
        if (request.compareTo(limit) > 0 || limit.compareTo(max) > 0) {
            throw new IllegalArgumentException("not request <= limit <= max: " + request + ", " + limit + ", " + max);
        }
    }

    public static MemoryRange exactly(ByteSize size) {
        return new MemoryRange(size, size, size);
    }
}
