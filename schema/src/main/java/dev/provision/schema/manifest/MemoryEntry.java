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
        @Key("what admission reserves from the pool; the limit unless told otherwise") @SizeBetween(min = "1MiB", max = "16TiB") @Nullable ByteSize request,
        @Key("what the guest has") @SizeBetween(min = "128MiB", max = "16TiB") @Nullable ByteSize limit,
        @Key("what the limit can be raised to without a restart; fixed at boot") @SizeBetween(min = "128MiB", max = "16TiB") @Nullable ByteSize max) {

    @FromScalar("a size such as 512MiB")
    static MemoryEntry exactly(ByteSize size) {
        return new MemoryEntry(null, size, null);
    }

    @FromList(value = "a list [request, limit]", items = 2)
    static MemoryEntry between(List<ByteSize> bounds) throws QuantityFormatException {
        if (bounds.size() != 2) {
            throw new QuantityFormatException("a range of memory has two values, not " + bounds.size(),
                    "write [request, limit], such as [512MiB, 1GiB]");
        }
        return new MemoryEntry(bounds.getFirst(), bounds.getLast(), null);
    }
}
