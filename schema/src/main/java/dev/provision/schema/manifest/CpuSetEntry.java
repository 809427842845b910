package dev.provision.schema.manifest;

import java.util.List;
import java.util.TreeSet;

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

    @FromList(value = "a list of host CPUs", atLeast = 1)
    static CpuSetEntry of(List<CpuSet> parts) throws QuantityFormatException {
        if (parts.isEmpty()) {
            throw new QuantityFormatException("no CPU is named", "write numbers and ranges, such as [0, 2-4]");
        }
        TreeSet<Integer> all = new TreeSet<>();
        parts.forEach(part -> all.addAll(part.ids()));
        return new CpuSetEntry(new CpuSet(all));
    }
}
