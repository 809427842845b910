package dev.provision.acceptance;

import static org.junit.jupiter.api.Assertions.assertTrue;

/** What a guest shows of its memory. */
final class GuestMemory {

    /** Kernel image, page tables and struct pages (64 bytes for each 4 KiB) that Linux does not count into MemTotal. */
    private static final int KERNEL_MIB = 30;
    private static final double STRUCT_PAGES = 64.0 / 4096;

    private GuestMemory() {}

    /** Fails unless a guest of {@code wanted} MiB, booted with just that, would show {@code seen} MiB. */
    static void assertAgrees(int wanted, int seen) {
        assertAgrees(wanted, wanted, seen);
    }

    /** As above for a guest booted with {@code max} MiB, whose kernel keeps struct pages for all of it. */
    static void assertAgrees(int wanted, int max, int seen) {
        int overhead = KERNEL_MIB + (int) Math.ceil(max * STRUCT_PAGES);
        assertTrue(seen <= wanted && seen >= wanted - overhead - 12,
                () -> "of " + wanted + " MiB the guest shows " + seen + "; expected " + (wanted - overhead - 12)
                        + " to " + wanted);
    }
}
