package dev.provision.schema.fleet;

import java.util.Optional;

import dev.provision.schema.units.ByteSize;

/**
 * Memory of one machine, whole MiB.
 *
 * @param request
 *            what admission reserves from the pool, and what the machine keeps when the host is short of memory
 * @param limit
 *            what the guest has
 * @param max
 *            what {@code limit} can be raised to while the machine runs; fixed at boot
 * @param hard
 *            at least {@code limit}: a VMM that takes more than this, its own needs not counted, is killed; absent: never
 */
public record MemoryRange(ByteSize request, ByteSize limit, ByteSize max, Optional<ByteSize> hard) {
    public MemoryRange {
        if (request.compareTo(limit) > 0 || limit.compareTo(max) > 0) {
            throw new IllegalArgumentException("not request <= limit <= max: " + request + ", " + limit + ", " + max);
        }
        if (hard.isPresent() && hard.get().compareTo(limit) < 0) {
            throw new IllegalArgumentException("not limit <= hard: " + limit + ", " + hard.get());
        }
    }

    /** Without a hard limit. */
    public MemoryRange(ByteSize request, ByteSize limit, ByteSize max) {
        this(request, limit, max, Optional.empty());
    }

    public static MemoryRange exactly(ByteSize size) {
        return new MemoryRange(size, size, size);
    }
}
