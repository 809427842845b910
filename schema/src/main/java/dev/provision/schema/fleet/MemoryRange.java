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
 * @param hotplug
 *            memory beyond {@code limit} is not in the machine when it boots: it is plugged in; absent: as {@link #plugs} says
 * @param hugepages
 *            pages of the host that all of it is in from start to end; absent: the host's base pages
 * @param deflateOnOom
 *            the guest takes back what the balloon holds rather than kill a process for want of memory
 */
public record MemoryRange(ByteSize request, ByteSize limit, ByteSize max, Optional<ByteSize> hard,
        Optional<Boolean> hotplug, Optional<HugePages> hugepages, boolean deflateOnOom) {

    /** The most that {@code max} is of {@code limit} where a balloon keeps the difference from the guest. */
    public static final int MOST_BALLOON = 8;

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

    /** In base pages, with a balloon that deflates when the host says so. */
    public MemoryRange(ByteSize request, ByteSize limit, ByteSize max, Optional<ByteSize> hard,
            Optional<Boolean> hotplug) {
        this(request, limit, max, hard, hotplug, Optional.empty(), false);
    }

    /** Plugged in where that is best. */
    public MemoryRange(ByteSize request, ByteSize limit, ByteSize max, Optional<ByteSize> hard) {
        this(request, limit, max, hard, Optional.empty());
    }

    /**
     * Memory beyond {@code limit} is plugged in, rather than taken by a balloon when the machine boots. A kernel keeps 64 bytes
     * of {@code struct page} for each page of 4 KiB that a machine boots with: of more than 8 × {@code limit} they would be
     * more than an eighth of {@code limit}, and so large a balloon takes long to inflate.
     */
    public boolean plugs() {
        return hotplug.orElse(max.bytes() / MOST_BALLOON > limit.bytes());
    }

    /** The guest can have all of {@code max} without anybody's leave: what is plugged in later comes only when asked for. */
    public boolean takesBack() {
        return deflateOnOom && !plugs() && limit.compareTo(max) < 0;
    }

    public static MemoryRange exactly(ByteSize size) {
        return new MemoryRange(size, size, size);
    }
}
