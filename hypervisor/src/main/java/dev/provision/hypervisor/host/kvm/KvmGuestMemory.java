package dev.provision.hypervisor.host.kvm;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Physical memory of the self-test's guest: three page-table pages and the program. Pure: bytes in, bytes out.
 *
 * <p>
 * The tables identity-map the first 2 MiB with one large page (Intel SDM vol. 3, 4.5 "4-level paging"); only the first
 * {@value #BYTES} bytes are backed by memory, so a guest that runs astray leaves the test with an exit instead of
 * running on.
 */
final class KvmGuestMemory {

    /** Size of the guest's memory. */
    static final int BYTES = 0x8000;

    /** Physical address of the top-level page table, for CR3. */
    static final int PML4 = 0x1000;

    /** Physical address of the program, for RIP. */
    static final int CODE = 0x4000;

    private static final int PAGE_DIRECTORY_POINTERS = 0x2000;
    private static final int PAGE_DIRECTORY = 0x3000;
    private static final long PRESENT_WRITABLE = 0b11;
    private static final long LARGE_PAGE = 1 << 7;

    private KvmGuestMemory() {}

    /** The whole memory, ready to be copied to guest physical address 0. */
    static byte[] image(KvmTestProgram program) {
        var memory = ByteBuffer.allocate(BYTES).order(ByteOrder.LITTLE_ENDIAN);
        memory.putLong(PML4, PAGE_DIRECTORY_POINTERS | PRESENT_WRITABLE);
        memory.putLong(PAGE_DIRECTORY_POINTERS, PAGE_DIRECTORY | PRESENT_WRITABLE);
        memory.putLong(PAGE_DIRECTORY, PRESENT_WRITABLE | LARGE_PAGE);
        memory.put(CODE, program.code());
        return memory.array();
    }
}
