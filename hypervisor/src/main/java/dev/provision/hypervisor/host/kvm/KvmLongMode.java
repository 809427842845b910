package dev.provision.hypervisor.host.kvm;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Changes a vCPU's {@code struct kvm_sregs} to 64-bit ring 0 with paging on, as a guest kernel runs. Pure: it edits a
 * buffer. Bits from Intel SDM vol. 3, 2.5 "Control registers", and 3.4.5 "Segment descriptors".
 */
final class KvmLongMode {

    /** PE, MP, ET, NE, WP, AM, PG. EM and TS are clear, or SSE instructions would fault. */
    static final long CR0 = 0x80050033L;

    /** PAE; OSFXSR and OSXMMEXCPT allow SSE. */
    static final long CR4 = 1 << 5 | 1 << 9 | 1 << 10;

    /** LME, LMA. */
    static final long EFER = 1 << 8 | 1 << 10;

    private static final byte CODE_READ_ACCESSED = 11;
    private static final byte DATA_WRITE_ACCESSED = 3;

    private KvmLongMode() {}

    /** Registers not named here keep what KVM's reset gave them. */
    static void apply(ByteBuffer sregs) {
        sregs.order(ByteOrder.LITTLE_ENDIAN);
        segment(sregs, KvmApi.SREGS_CS, 0x08, CODE_READ_ACCESSED, true);
        for (var offset : KvmApi.SREGS_DATA_SEGMENTS) {
            segment(sregs, offset, 0x10, DATA_WRITE_ACCESSED, false);
        }
        sregs.putLong(KvmApi.SREGS_CR0, CR0);
        sregs.putLong(KvmApi.SREGS_CR3, KvmGuestMemory.PML4);
        sregs.putLong(KvmApi.SREGS_CR4, CR4);
        sregs.putLong(KvmApi.SREGS_EFER, EFER);
    }

    /** Writes a {@code struct kvm_segment}: flat, present, privilege level 0. */
    private static void segment(ByteBuffer sregs, int offset, int selector, byte type, boolean code64) {
        sregs.putLong(offset, 0); // base
        sregs.putInt(offset + 8, -1); // limit
        sregs.putShort(offset + 12, (short) selector);
        sregs.put(offset + 14, type);
        sregs.put(offset + 15, (byte) 1); // present
        sregs.put(offset + 16, (byte) 0); // dpl
        sregs.put(offset + 17, (byte) (code64 ? 0 : 1)); // db: must be 0 in 64-bit code
        sregs.put(offset + 18, (byte) 1); // s: code or data, not a system segment
        sregs.put(offset + 19, (byte) (code64 ? 1 : 0)); // l
        sregs.put(offset + 20, (byte) 1); // g: limit in pages
        sregs.put(offset + 21, (byte) 0); // avl
        sregs.put(offset + 22, (byte) 0); // unusable
    }
}
