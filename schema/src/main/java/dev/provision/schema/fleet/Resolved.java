package dev.provision.schema.fleet;

import java.util.List;
import java.util.stream.IntStream;

import dev.provision.schema.manifest.MachineEntry;

/** An entry of {@code machines}, merged and bound, and the names of the machines it stands for. */
record Resolved(String name, MachineEntry entry, Origin origin, List<String> machineNames) {

    /** As the entry's own constraint has it; what exceeds it has been reported and is not multiplied. */
    private static final int MOST_OF_AN_ENTRY = 100_000;

    static Resolved of(String name, MachineEntry entry, Origin origin) {
        Integer count = entry.count();
        if (count == null || count < 0 || count > MOST_OF_AN_ENTRY) {
            return new Resolved(name, entry, origin, List.of(name));
        }
        return new Resolved(name, entry, origin, IntStream.range(0, count).mapToObj(i -> name + "-" + i).toList());
    }
}
