package dev.provision.schema.manifest;

import java.util.List;

import org.jspecify.annotations.Nullable;

import dev.provision.schema.binding.FromList;
import dev.provision.schema.binding.FromScalar;
import dev.provision.schema.binding.Key;
import dev.provision.schema.units.ByteSize;
import dev.provision.schema.units.QuantityFormatException;

/** Memory as written. */
public record MemoryEntry(
        @Key("what admission reserves from the pool, and what the machine keeps when the host is short of memory; the limit unless told otherwise") @SizeBetween(min = "1MiB", max = "16TiB") @Nullable ByteSize request,
        @Key("what the guest has") @SizeBetween(min = "128MiB", max = "16TiB") @Nullable ByteSize limit,
        @Key("what the limit can be raised to without a restart; fixed at boot") @SizeBetween(min = "128MiB", max = "16TiB") @Nullable ByteSize max,
        @Key("hard limit, at least the limit: when the VMM takes more than this and its own needs, it is killed and `run.restart` decides; never unless told otherwise") @SizeBetween(min = "128MiB", max = "16TiB") @Nullable ByteSize hard) {

    @FromScalar(value = "a size such as 512MiB", key = "limit")
    static MemoryEntry exactly(ByteSize size) {
        return new MemoryEntry(null, size, null, null);
    }

    @FromList(value = "a list [request, limit]", items = 2, keys = {"request", "limit"})
    static MemoryEntry between(List<ByteSize> bounds) throws QuantityFormatException {
        if (bounds.size() != 2) {
            throw new QuantityFormatException("a range of memory has two values, not " + bounds.size(),
                    "write [request, limit], such as [512MiB, 1GiB]");
        }
        return new MemoryEntry(bounds.getFirst(), bounds.getLast(), null, null);
    }
}
