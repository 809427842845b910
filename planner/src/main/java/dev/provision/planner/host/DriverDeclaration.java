package dev.provision.planner.host;

import java.util.List;
import java.util.stream.Stream;

/**
 * What a driver can do on this host.
 *
 * @param present
 *            of machines that are booted now
 * @param others
 *            of machines that may still run as they were booted before: on another machine type, or under another
 *            accelerator
 */
public record DriverDeclaration(DriverCapabilities present, List<DriverCapabilities> others) {

    public DriverDeclaration {
        others = List.copyOf(others);
    }

    /** Of machines that were booted so; nothing at all where the driver does not know them. */
    public DriverCapabilities of(String machineType, Accelerator accelerator) {
        return Stream.concat(Stream.of(present), others.stream())
                .filter(known -> known.machineType().equals(machineType) && known.accelerator() == accelerator)
                .findFirst()
                .orElse(DriverCapabilities.none(machineType, accelerator));
    }
}
