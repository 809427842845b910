package dev.provision.hypervisor.host.kvm;

/**
 * Numbers of the KVM interface, from {@code linux/kvm.h} and the kernel's Documentation/virt/kvm/api.rst. Requests
 * without a structure argument are the same on every architecture; the others, and the structure offsets, are those of
 * x86-64.
 */
final class KvmApi {

    /** The only version ever released as stable; api.rst: refuse to run on any other. */
    static final int VERSION = 12;

    static final long GET_API_VERSION = 0xAE00;
    static final long CREATE_VM = 0xAE01;
    static final long CHECK_EXTENSION = 0xAE03;
    static final long GET_VCPU_MMAP_SIZE = 0xAE04;
    static final long CREATE_VCPU = 0xAE41;
    static final long SET_USER_MEMORY_REGION = 0x4020AE46;
    static final long SET_TSS_ADDR = 0xAE47;
    static final long RUN = 0xAE80;
    static final long GET_REGS = 0x8090AE81L;
    static final long SET_REGS = 0x4090AE82;
    static final long GET_SREGS = 0x8138AE83L;
    static final long SET_SREGS = 0x4138AE84;
    static final long GET_TSC_KHZ = 0xAEA3;

    static final int CAP_NR_VCPUS = 9;
    static final int CAP_MAX_VCPUS = 66;
    static final int CAP_ARM_VM_IPA_SIZE = 165;

    static final int EXIT_IO = 2;
    static final int EXIT_HLT = 5;
    static final int EXIT_SHUTDOWN = 8;
    static final int EXIT_FAIL_ENTRY = 9;
    static final int EXIT_INTERNAL_ERROR = 17;

    /** Offsets in {@code struct kvm_run}. */
    static final int RUN_EXIT_REASON = 8;

    /** {@code io.direction}: 1 is OUT; also {@code internal.suberror} and the entry failure's hardware reason. */
    static final int RUN_EXIT_UNION = 32;
    static final int RUN_IO_SIZE = 33;
    static final int RUN_IO_PORT = 34;
    static final int RUN_IO_DATA_OFFSET = 40;
    static final int IO_OUT = 1;

    /** Sizes of {@code struct kvm_regs}, {@code kvm_sregs} and {@code kvm_userspace_memory_region}. */
    static final int REGS_BYTES = 0x90;
    static final int SREGS_BYTES = 0x138;
    static final int MEMORY_REGION_BYTES = 32;

    /** Offsets in {@code struct kvm_regs}. */
    static final int REGS_RIP = 128;
    static final int REGS_RFLAGS = 136;

    /** Offsets in {@code struct kvm_sregs}. */
    static final int SREGS_CS = 0;
    static final int[] SREGS_DATA_SEGMENTS = {24, 48, 72, 96, 120};
    static final int SREGS_CR0 = 224;
    static final int SREGS_CR3 = 240;
    static final int SREGS_CR4 = 248;
    static final int SREGS_EFER = 264;

    private KvmApi() {}
}
