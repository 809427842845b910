package dev.provision.schema.manifest;

import java.util.List;

import dev.provision.schema.binding.FromList;
import dev.provision.schema.binding.FromScalar;
import dev.provision.schema.fleet.CpuSet;
import dev.provision.schema.units.QuantityFormatException;

/** A set of host CPUs as written. */
public record CpuSetEntry(CpuSet set) {

    @FromScalar("host CPUs such as 0,1 or 0-3")
    static CpuSetEntry of(CpuSet set) {
        return new CpuSetEntry(set);
    }

    @FromList("a list of host CPUs")
    static CpuSetEntry of(List<String> parts) throws QuantityFormatException {
        return new CpuSetEntry(CpuSet.parse(String.join(",", parts)));
    }
}
