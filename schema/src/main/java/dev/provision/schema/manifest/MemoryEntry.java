package dev.provision.schema.manifest;

import java.util.List;

import jakarta.validation.Valid;

import org.jspecify.annotations.Nullable;

import dev.provision.schema.binding.FromList;
import dev.provision.schema.binding.FromScalar;
import dev.provision.schema.binding.Key;
import dev.provision.schema.units.ByteSize;
import dev.provision.schema.units.QuantityFormatException;

/** Memory as written. */
// @formatter:off
public record MemoryEntry(
        @Key(value = "what admission reserves from the pool, and what the machine keeps when the host is short of memory",
                otherwise = "the limit", change = "live", examples = "256MiB")
        @SizeBetween(min = "1MiB", max = "16TiB") @Nullable ByteSize request,

        @Key(value = "what the guest has", otherwise = "the request, else the max",
                change = "live up to the `max` that it was booted with, else restart", examples = {"1GiB", "1536"})
        @SizeBetween(min = "128MiB", max = "16TiB") @Nullable ByteSize limit,

        @Key(value = "what the limit can be raised to without a restart; fixed at boot", otherwise = "the limit",
                change = "restart; live when it is lowered", examples = "4GiB")
        @SizeBetween(min = "128MiB", max = "16TiB") @Nullable ByteSize max,

        @Key(value = "hard limit, at least the limit: when the VMM takes more than this and its own needs, it is killed and `run.restart` decides",
                otherwise = "none", change = "live", examples = "1280MiB")
        @SizeBetween(min = "128MiB", max = "16TiB") @Nullable ByteSize hard,

        @Key(value = "memory beyond the limit is plugged in while the machine runs (virtio-mem), rather than there from the start and kept from the guest by a balloon; such a machine boots on `q35`, on arm64 on `virt` as all do",
                otherwise = "true when the max is more than 8 times the limit",
                change = "restart; live when it says what is so already")
        @Nullable Boolean hotplug,

        @Key(value = "the guest's memory is in huge pages that an administrator has set aside on the host: `true` for its default size, `2MiB` or `1GiB`; all of it is taken when the machine starts and none comes back before it stops, so `request` and `max` are the limit, a multiple of the page size",
                otherwise = "none", change = "restart", examples = {"true", "2MiB"})
        @Valid @Nullable HugePagesEntry hugepages,

        @Key(value = "a guest that would have to kill for want of memory takes from the balloon instead, up to `max`, which is then what admission reserves; its MemTotal is `max`, and what it can use is MemAvailable",
                standard = "false", change = "restart")
        @Nullable Boolean deflateOnOom) {
    // @formatter:on

    @FromScalar(value = "a size such as 512MiB", key = "limit")
    static MemoryEntry exactly(ByteSize size) {
        return new MemoryEntry(null, size, null, null, null, null, null);
    }

    @FromList(value = "a list [request, limit]", items = 2, keys = {"request", "limit"})
    static MemoryEntry between(List<ByteSize> bounds) throws QuantityFormatException {
        if (bounds.size() != 2) {
            throw new QuantityFormatException("a range of memory has two values, not " + bounds.size(),
                    "write [request, limit], such as [512MiB, 1GiB]");
        }
        return new MemoryEntry(bounds.getFirst(), bounds.getLast(), null, null, null, null, null);
    }
}
