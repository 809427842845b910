package dev.provision.hypervisor.host.libc;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.OptionalLong;

import com.sun.jna.Library;
import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.NativeLong;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.ptr.LongByReference;
import org.jspecify.annotations.Nullable;

/**
 * macOS system information: sysctlbyname(3) and host_statistics64 (mach/mach_host.h). None of these is variadic.
 * Written from documentation and not run on a Mac yet.
 */
public interface Sysctl extends Library {

    Sysctl CALLS = Native.load(Sysctl.class);

    /** Flavour of host_statistics64 and the size of its struct vm_statistics64 in 32-bit words. */
    int HOST_VM_INFO64 = 4;
    int HOST_VM_INFO64_COUNT = 38;

    int sysctlbyname(String name, @Nullable Pointer old, LongByReference oldLength, @Nullable Pointer replacement,
            NativeLong replacementLength);

    int mach_host_self();

    int host_statistics64(int host, int flavour, Pointer statistics, IntByReference count);

    /** A 32- or 64-bit number; empty if this macOS does not have the name. */
    static OptionalLong number(String name) {
        try (var value = new Memory(Long.BYTES)) {
            value.clear();
            var length = new LongByReference(Long.BYTES);
            var result = CALLS.sysctlbyname(name, value, length, null, new NativeLong(0));
            // Macs are little-endian, and the buffer was zero: a 32-bit answer reads the same as 64 bits.
            return result == 0 ? OptionalLong.of(value.getLong(0)) : OptionalLong.empty();
        }
    }

    /** As {@link #number}, for names every supported macOS has. */
    static long requiredNumber(String name) throws IOException {
        return number(name).orElseThrow(() -> new IOException("sysctl " + name + " has no value"));
    }

    /** A text, "" if this macOS does not have the name. */
    static String text(String name) {
        try (var value = new Memory(256)) {
            value.clear();
            var length = new LongByReference(value.size() - 1);
            var result = CALLS.sysctlbyname(name, value, length, null, new NativeLong(0));
            return result == 0 ? value.getString(0, StandardCharsets.UTF_8.name()) : "";
        }
    }

    /** Pages that are free or inactive: what new programs can take without swapping. */
    static long availablePages() throws IOException {
        try (var statistics = new Memory((long) HOST_VM_INFO64_COUNT * Integer.BYTES)) {
            var result = CALLS.host_statistics64(CALLS.mach_host_self(), HOST_VM_INFO64, statistics,
                    new IntByReference(HOST_VM_INFO64_COUNT));
            if (result != 0) {
                throw new IOException("host_statistics64 failed with Mach error " + result);
            }
            var free = Integer.toUnsignedLong(statistics.getInt(0));
            var inactive = Integer.toUnsignedLong(statistics.getInt(8));
            return free + inactive;
        }
    }
}
