package dev.provision.hypervisor.host.kvm;

import java.nio.file.Path;
import java.util.OptionalInt;
import java.util.OptionalLong;

import com.sun.jna.Native;
import com.sun.jna.NativeLong;

import dev.provision.hypervisor.host.libc.LibC;

/** An open /dev/kvm. Its requests are those of api.rst "System ioctls". */
final class KvmDevice implements AutoCloseable {

    private final int fd;

    private KvmDevice(int fd) {
        this.fd = fd;
    }

    /** @throws KvmCallFailed with call {@code open} */
    static KvmDevice open(Path device) throws KvmCallFailed {
        return new KvmDevice(
                checked("open", LibC.CALLS.open(device.toString(), LibC.O_RDWR | LibC.O_CLOEXEC)));
    }

    int apiVersion() throws KvmCallFailed {
        return request("KVM_GET_API_VERSION", KvmApi.GET_API_VERSION, 0L);
    }

    /** Limits without the TSC frequency, which only a vCPU knows. */
    KvmLimits limits() throws KvmCallFailed {
        var addressBits = extension(KvmApi.CAP_ARM_VM_IPA_SIZE);
        return KvmLimits.of(extension(KvmApi.CAP_NR_VCPUS), extension(KvmApi.CAP_MAX_VCPUS), OptionalLong.empty(),
                addressBits > 0 ? OptionalInt.of(addressBits) : OptionalInt.empty());
    }

    int vcpuMmapBytes() throws KvmCallFailed {
        return request("KVM_GET_VCPU_MMAP_SIZE", KvmApi.GET_VCPU_MMAP_SIZE, 0L);
    }

    /** A new virtual machine of the default type; the caller closes the file descriptor. */
    int createVm() throws KvmCallFailed {
        return request("KVM_CREATE_VM", KvmApi.CREATE_VM, 0L);
    }

    private int extension(int capability) throws KvmCallFailed {
        return request("KVM_CHECK_EXTENSION", KvmApi.CHECK_EXTENSION, (long) capability);
    }

    private int request(String name, long number, Object argument) throws KvmCallFailed {
        return ioctl(fd, name, number, argument);
    }

    /** @throws KvmCallFailed if the call returns −1 */
    static int ioctl(int fd, String name, long number, Object argument) throws KvmCallFailed {
        return checked(name, LibC.CALLS.ioctl(fd, new NativeLong(number), argument));
    }

    private static int checked(String call, int result) throws KvmCallFailed {
        if (result < 0) {
            throw new KvmCallFailed(call, Native.getLastError());
        }
        return result;
    }

    @Override
    public void close() {
        LibC.CALLS.close(fd);
    }
}
