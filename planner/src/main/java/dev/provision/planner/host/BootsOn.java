package dev.provision.planner.host;

/**
 * The virtual hardware that a machine is booted on, as a plan says it.
 *
 * @param machineType
 *            the driver's name of it: {@code microvm}, {@code q35}
 * @param reason
 *            a clause without a full stop
 * @param usual
 *            nothing that the machine asks for decided it
 */
public record BootsOn(String machineType, String reason, boolean usual) {}
