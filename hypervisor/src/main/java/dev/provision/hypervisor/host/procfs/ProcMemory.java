package dev.provision.hypervisor.host.procfs;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

import dev.provision.schema.units.ByteSize;

/** Reads what Linux writes about memory. Pure functions over the content of files in /proc (proc(5)). */
public final class ProcMemory {

    private static final long AT_NULL = 0;
    private static final long AT_PAGESZ = 6;
    private static final ByteSize USUAL_PAGE = new ByteSize(4096);

    private ProcMemory() {}

    /** A field of /proc/meminfo or /proc/PID/status, which count in units of 1,024 bytes. */
    public static Optional<ByteSize> size(String text, String name) {
        Optional<String> value = ProcCpu.field(text, name);
        if (value.isEmpty() || !value.get().endsWith(" kB")) {
            return Optional.empty();
        }
        var kibibytes = Long.parseLong(value.get().substring(0, value.get().length() - 3).strip());
        return Optional.of(new ByteSize(kibibytes * 1024));
    }

    /** As {@link #size}, for fields that every kernel since 3.14 has. */
    public static ByteSize required(String meminfo, String name) throws IOException {
        return size(meminfo, name).orElseThrow(() -> new IOException("/proc/meminfo has no " + name));
    }

    /** Page size from a 64-bit /proc/self/auxv (getauxval(3)): pairs of type and value. */
    public static ByteSize pageSize(byte[] auxv) {
        var vector = ByteBuffer.wrap(auxv).order(ByteOrder.nativeOrder());
        while (vector.remaining() >= 2 * Long.BYTES) {
            var type = vector.getLong();
            var value = vector.getLong();
            if (type == AT_PAGESZ) {
                return new ByteSize(value);
            }
            if (type == AT_NULL) {
                break;
            }
        }
        return USUAL_PAGE;
    }
}
