package dev.provision.schema.fleet;

/**
 * A machine of the fleet and where it comes from.
 *
 * @param entry
 *            name of the manifest's entry; differs from the machine's name where {@code count} multiplies it
 */
public record FleetMachine(String entry, MachineSpec spec, Origin origin) {}
