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
 *            its places on networks of the fleet, no network twice
 */
public record Network(boolean enabled, List<PortForward> ports, List<FleetLink> fleetNetworks) {

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

    /** The same, with these places on networks. */
    public Network on(List<FleetLink> links) {
        return new Network(enabled, ports, links);
    }

    /** The fleet's networks it is in, in the order that they were written in. */
    public List<String> networkNames() {
        return fleetNetworks.stream().map(FleetLink::network).toList();
    }
}
