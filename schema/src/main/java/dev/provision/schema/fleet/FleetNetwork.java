package dev.provision.schema.fleet;

import java.util.Optional;

/**
 * A network between machines of the fleet.
 *
 * @param subnet
 *            an IPv4 subnet in CIDR notation, /8 to /29; absent: one is chosen
 * @param bridge
 *            the host's Linux bridge that its machines are on, 1 to 15 characters (IFNAMSIZ less the final NUL); absent: none,
 *            their VMMs send each other what they say
 */
public record FleetNetwork(Optional<String> subnet, Optional<String> bridge) {

    /** The subnet by which every machine with a network gets out: that of QEMU's user network. */
    public static final Subnet WAY_OUT = new Subnet(0x0a000200L, 24);

    /** Length of the prefix of subnets that are chosen: room for 4093 machines. */
    public static final int CHOSEN_PREFIX = 20;

    /** How many machines it has room for. */
    public long room() {
        return subnet.flatMap(Subnet::of).orElse(new Subnet(0, CHOSEN_PREFIX)).room();
    }
}
