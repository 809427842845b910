package dev.provision.schema.fleet;

import java.util.Optional;

/**
 * A network between machines of the fleet.
 *
 * @param subnet
 *            an IPv4 subnet in CIDR notation, /8 to /29; absent: one is chosen
 */
public record FleetNetwork(Optional<String> subnet) {}
