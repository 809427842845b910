package dev.provision.schema.fleet;

import java.util.Optional;

/**
 * A machine's place on a network of its fleet.
 *
 * @param network
 *            the network's name
 * @param address
 *            the machine's IPv4 address there, {@code 10.77.0.10}; absent while nobody wrote one and none was chosen yet
 * @param bridge
 *            the host's bridge that the network is on; absent where it is on none, and until a plan has been made
 * @param segment
 *            what is the same for all who are on it; absent until a plan has given everybody an address
 */
public record FleetLink(String network, Optional<String> address, Optional<String> bridge,
        Optional<Segment> segment) {

    /** As a manifest has it. */
    public static FleetLink written(String network, Optional<String> address) {
        return new FleetLink(network, address, Optional.empty(), Optional.empty());
    }

    /** The address with the length of the network's prefix, {@code 10.77.0.10/24}; empty before a plan gave one. */
    public Optional<String> cidr() {
        return address.flatMap(one -> segment.map(all -> one + all.subnet().substring(all.subnet().indexOf('/'))));
    }

    /** The network's name. */
    @Override
    public String toString() {
        return network;
    }
}
