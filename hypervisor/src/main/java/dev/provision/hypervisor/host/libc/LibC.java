package dev.provision.hypervisor.host.libc;

import java.util.Objects;

import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.NativeLong;
import com.sun.jna.Pointer;
import org.jspecify.annotations.Nullable;

/**
 * The calls of the C library that Java has no equivalent for. Touching this type loads JNA (about 20 ms), so only code
 * that is about to make such a call may mention it.
 *
 * <p>
 * {@code open}, {@code ioctl} and {@code syscall} are variadic in C. They are declared with {@code Object...} so that
 * JNA prepares a variadic call: on Apple arm64 variadic arguments travel on the stack, and a call prepared with fixed
 * arguments would pass garbage. Integers in the variadic part must be boxed at their C width ({@code Long} for an
 * {@code unsigned long}).
 */
public interface LibC extends Library {

    LibC CALLS = Native.load(LibC.class);

    /**
     * Loads JNA now instead of at the first call.
     *
     * @throws LinkageError if it cannot be loaded, as where the temporary directory is mounted noexec
     */
    static void load() {
        Objects.requireNonNull(CALLS);
    }

    int PROT_READ = 1;
    int PROT_WRITE = 2;
    int MAP_SHARED = 1;
    int MAP_PRIVATE = 2;
    /** Linux value; other systems number it differently. */
    int MAP_ANONYMOUS = 0x20;
    int O_RDWR = 2;
    /** Linux value. */
    int O_CLOEXEC = 0x80000;

    int open(String path, int flags, Object... mode);

    int close(int fd);

    int ioctl(int fd, NativeLong request, Object... argument);

    Pointer mmap(@Nullable Pointer address, NativeLong length, int protection, int flags, int fd, NativeLong offset);

    int munmap(Pointer address, NativeLong length);

    /** Linux: {@code mask} has a bit for each CPU, the lowest first in each byte on little-endian processors. */
    int sched_setaffinity(int thread, NativeLong size, byte[] mask);

    /** {@code descriptors} is an array of {@code struct pollfd}, 8 bytes each; a negative timeout is none. */
    int poll(Pointer descriptors, NativeLong count, int timeoutMillis);

    NativeLong read(int fd, byte[] buffer, NativeLong size);

    NativeLong write(int fd, byte[] buffer, NativeLong size);

    NativeLong syscall(NativeLong number, Object... arguments);
}
