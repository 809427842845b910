package dev.provision.hypervisor.qemu;

import dev.provision.schema.units.ByteSize;

/** How much of a machine's memory its kernel keeps to itself. */
final class GuestMemory {
    /** The kernel's own image, its reserved areas and its hash tables. */
    private static final ByteSize FIXED = ByteSize.ofMib(80);

    /** 64 bytes of {@code struct page} for each 4 KiB page are a 64th; as much again for what else grows with it. */
    private static final int FRACTION = 32;

    private GuestMemory() {}

    /**
     * The most that MemTotal (proc(5)) may be below the machine's memory.
     *
     * @param booted
     *            all the memory that the VMM was started with, what the balloon holds included: the kernel keeps books on that
     *            from the start. Those on what is plugged in later are in memory that is told of
     */
    static ByteSize kernelShare(ByteSize booted) {
        return ByteSize.ofMib(FIXED.plus(new ByteSize(booted.bytes() / FRACTION)).mib());
    }
}
