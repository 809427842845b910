package dev.provision.schema.manifest;

import java.util.List;

import org.jspecify.annotations.Nullable;

import dev.provision.schema.binding.FromList;
import dev.provision.schema.binding.FromScalar;
import dev.provision.schema.binding.Key;
import dev.provision.schema.units.Cpus;
import dev.provision.schema.units.QuantityFormatException;

/** CPUs as written. */
// @formatter:off
public record CpuEntry(
        @Key(value = "what admission reserves from the pool", otherwise = "the limit", change = "live",
                examples = {"0.5", "250m"})
        @Nullable Cpus request,

        @Key(value = "the most the machine may use; it sees this many vCPUs, rounded up",
                otherwise = "the request, else the max", change = "live up to the `max` that it was booted with, else restart",
                examples = {"2", "1.5"})
        @Nullable Cpus limit,

        @Key(value = "what the limit can be raised to without a restart; fixed at boot", otherwise = "the limit",
                change = "restart; live when it is lowered", examples = "4")
        @Nullable Cpus max,

        @Key(value = "vCPUs beyond the limit are plugged in while the machine runs, rather than there from the start and off line; such a machine boots on `q35`, and arm64 has no such",
                otherwise = "false", change = "restart")
        @Nullable Boolean hotplug) {
    // @formatter:on

    @FromScalar(value = "a number of CPUs such as 2, 0.5 or 500m", key = "limit")
    static CpuEntry exactly(Cpus cpus) {
        return new CpuEntry(null, cpus, null, null);
    }

    @FromList(value = "a list [request, limit]", items = 2, keys = {"request", "limit"})
    static CpuEntry between(List<Cpus> bounds) throws QuantityFormatException {
        if (bounds.size() != 2) {
            throw new QuantityFormatException("a range of CPUs has two values, not " + bounds.size(),
                    "write [request, limit], such as [0.5, 2]");
        }
        return new CpuEntry(bounds.getFirst(), bounds.getLast(), null, null);
    }
}
