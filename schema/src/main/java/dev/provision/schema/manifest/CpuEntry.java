package dev.provision.schema.manifest;

import java.util.List;

import org.jspecify.annotations.Nullable;

import dev.provision.schema.binding.FromList;
import dev.provision.schema.binding.FromScalar;
import dev.provision.schema.binding.Key;
import dev.provision.schema.units.Cpus;
import dev.provision.schema.units.QuantityFormatException;

/** CPUs as written. */
public record CpuEntry(
        @Key("what admission reserves from the pool; the limit unless told otherwise") @Nullable Cpus request,
        @Key("the most the machine may use; it sees this many vCPUs, rounded up") @Nullable Cpus limit,
        @Key("what the limit can be raised to without a restart; fixed at boot") @Nullable Cpus max) {

    @FromScalar(value = "a number of CPUs such as 2, 0.5 or 500m", key = "limit")
    static CpuEntry exactly(Cpus cpus) {
        return new CpuEntry(null, cpus, null);
    }

    @FromList(value = "a list [request, limit]", items = 2, keys = {"request", "limit"})
    static CpuEntry between(List<Cpus> bounds) throws QuantityFormatException {
        if (bounds.size() != 2) {
            throw new QuantityFormatException("a range of CPUs has two values, not " + bounds.size(),
                    "write [request, limit], such as [0.5, 2]");
        }
        return new CpuEntry(bounds.getFirst(), bounds.getLast(), null);
    }
}
