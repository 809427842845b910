package dev.provision.hypervisor.host.kvm;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.OptionalLong;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.NativeLong;
import com.sun.jna.Pointer;

import dev.provision.hypervisor.host.libc.Errno;
import dev.provision.hypervisor.host.libc.LibC;

/**
 * A virtual machine with one vCPU in 64-bit ring 0 and a few pages of memory. Everything it acquires is released by
 * {@link #close()}, also when setting it up fails half-way. One thread uses it; only {@link #halt()} may come from
 * another.
 */
final class KvmTestMachine implements AutoCloseable {

    private static final Pointer MAP_FAILED = Pointer.createConstant(-1);
    /** Where Intel CPUs may keep a task state segment; three pages that must not overlap guest memory. */
    private static final long TSS_ADDRESS = 0xfffbd000L;

    private static final byte HLT = (byte) 0xf4;

    private final Deque<Runnable> releases = new ArrayDeque<>();
    private final int vm;
    private final int vcpu;
    private final Pointer memory;
    private final Pointer run;
    private boolean closed;

    /** Boots nothing yet: the vCPU stands at the program's first instruction. */
    KvmTestMachine(KvmDevice device, KvmTestProgram program) throws KvmCallFailed {
        var complete = false;
        try {
            vm = owned(device.createVm());
            KvmDevice.ioctl(vm, "KVM_SET_TSS_ADDR", KvmApi.SET_TSS_ADDR, TSS_ADDRESS);
            memory = map("guest memory", KvmGuestMemory.BYTES, LibC.MAP_PRIVATE | LibC.MAP_ANONYMOUS, -1);
            var image = KvmGuestMemory.image(program);
            memory.write(0, image, 0, image.length);
            setMemory();
            vcpu = owned(KvmDevice.ioctl(vm, "KVM_CREATE_VCPU", KvmApi.CREATE_VCPU, 0L));
            run = map("vCPU", device.vcpuMmapBytes(), LibC.MAP_SHARED, vcpu);
            enterLongMode();
            rewind();
            complete = true;
        } finally {
            if (!complete) {
                close();
            }
        }
    }

    /** Puts the vCPU back to the program's start. */
    void rewind() throws KvmCallFailed {
        try (var registers = new Memory(KvmApi.REGS_BYTES)) {
            registers.clear();
            registers.setLong(KvmApi.REGS_RIP, KvmGuestMemory.CODE);
            registers.setLong(KvmApi.REGS_RFLAGS, 2); // bit 1 is always set
            KvmDevice.ioctl(vcpu, "KVM_SET_REGS", KvmApi.SET_REGS, registers);
        }
    }

    /**
     * Runs the vCPU until it leaves to user space and returns the exit reason. A signal to this thread is no exit.
     *
     * @throws KvmCallFailed if KVM_RUN fails
     */
    int run() throws KvmCallFailed {
        while (true) {
            try {
                KvmDevice.ioctl(vcpu, "KVM_RUN", KvmApi.RUN, 0L);
                return run.getInt(KvmApi.RUN_EXIT_REASON);
            } catch (KvmCallFailed failed) {
                if (failed.errno() != Errno.EINTR && failed.errno() != Errno.EAGAIN) {
                    throw failed;
                }
            }
        }
    }

    /** The union of the last exit: reason of an entry failure (64 bits), suberror of an internal error (32 bits). */
    long exitDetail(int exitReason) {
        return exitReason == KvmApi.EXIT_INTERNAL_ERROR ? run.getInt(KvmApi.RUN_EXIT_UNION)
                : run.getLong(KvmApi.RUN_EXIT_UNION);
    }

    /** True if the last exit was a 32-bit OUT to the test's port. */
    boolean wroteToPort() {
        return run.getInt(KvmApi.RUN_EXIT_REASON) == KvmApi.EXIT_IO
                && run.getByte(KvmApi.RUN_EXIT_UNION) == KvmApi.IO_OUT
                && run.getByte(KvmApi.RUN_IO_SIZE) == Integer.BYTES
                && run.getShort(KvmApi.RUN_IO_PORT) == KvmTestProgram.PORT;
    }

    /** The value of that OUT. */
    int written() {
        return run.getInt(run.getLong(KvmApi.RUN_IO_DATA_OFFSET));
    }

    /** Offset of the vCPU's next instruction in the program. */
    long programOffset() throws KvmCallFailed {
        try (var registers = new Memory(KvmApi.REGS_BYTES)) {
            KvmDevice.ioctl(vcpu, "KVM_GET_REGS", KvmApi.GET_REGS, registers);
            return registers.getLong(KvmApi.REGS_RIP) - KvmGuestMemory.CODE;
        }
    }

    /** KVM_GET_TSC_KHZ; empty where the kernel cannot say (EIO, EINVAL). */
    OptionalLong tscKhz() {
        try {
            var khz = KvmDevice.ioctl(vcpu, "KVM_GET_TSC_KHZ", KvmApi.GET_TSC_KHZ, 0L);
            return khz > 0 ? OptionalLong.of(khz) : OptionalLong.empty();
        } catch (KvmCallFailed unsupported) {
            return OptionalLong.empty();
        }
    }

    /**
     * Overwrites the guest's code with HLT, so that a vCPU that spins in {@link #run()} on another thread leaves. This
     * way needs no signal, whose handlers the JVM owns, and no call that could wait for the vCPU. (Deleting the memory
     * slot does not do: with kvm_amd on an emulated CPU the vCPU then stayed inside KVM_RUN.)
     */
    synchronized void halt() {
        if (!closed) {
            memory.setMemory(KvmGuestMemory.CODE, KvmGuestMemory.BYTES - KvmGuestMemory.CODE, HLT);
        }
    }

    /** Slot 0 at guest physical address 0. */
    private void setMemory() throws KvmCallFailed {
        try (var region = new Memory(KvmApi.MEMORY_REGION_BYTES)) {
            region.clear();
            region.setLong(16, KvmGuestMemory.BYTES);
            region.setLong(24, Pointer.nativeValue(memory));
            KvmDevice.ioctl(vm, "KVM_SET_USER_MEMORY_REGION", KvmApi.SET_USER_MEMORY_REGION, region);
        }
    }

    private void enterLongMode() throws KvmCallFailed {
        try (var special = new Memory(KvmApi.SREGS_BYTES)) {
            KvmDevice.ioctl(vcpu, "KVM_GET_SREGS", KvmApi.GET_SREGS, special);
            KvmLongMode.apply(special.getByteBuffer(0, KvmApi.SREGS_BYTES));
            KvmDevice.ioctl(vcpu, "KVM_SET_SREGS", KvmApi.SET_SREGS, special);
        }
    }

    private int owned(int fd) {
        releases.push(() -> LibC.CALLS.close(fd));
        return fd;
    }

    private Pointer map(String what, int bytes, int flags, int fd) throws KvmCallFailed {
        var address = LibC.CALLS.mmap(Pointer.NULL, new NativeLong(bytes), LibC.PROT_READ | LibC.PROT_WRITE, flags, fd,
                new NativeLong(0));
        if (address.equals(MAP_FAILED)) {
            throw new KvmCallFailed("mmap of " + what, Native.getLastError());
        }
        releases.push(() -> LibC.CALLS.munmap(address, new NativeLong(bytes)));
        return address;
    }

    @Override
    public synchronized void close() {
        closed = true;
        while (!releases.isEmpty()) {
            releases.pop().run();
        }
    }
}
