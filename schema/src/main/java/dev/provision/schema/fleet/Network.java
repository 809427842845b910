package dev.provision.schema.fleet;

import java.util.List;
import java.util.function.Predicate;

/**
 * How a machine is connected.
 *
 * @param enabled
 *            false: the machine has no network device at all
 * @param ports
 *            host ports that reach it
 * @param fleetNetworks
 *            names of the fleet's networks it is in
 */
public record Network(boolean enabled, List<PortForward> ports, List<String> fleetNetworks) {

    /** A way out and no way in. */
    public static final Network STANDARD = new Network(true, List.of(), List.of());

    public Network {
        ports = List.copyOf(ports);
        fleetNetworks = List.copyOf(fleetNetworks);
    }

    /** The same, less these ports. */
    public Network without(List<PortForward> closed) {
        return with(ports.stream().filter(Predicate.not(closed::contains)).toList());
    }

    /** The same, with these ports. */
    public Network with(List<PortForward> others) {
        return new Network(enabled, others, fleetNetworks);
    }
}
