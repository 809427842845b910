package dev.provision.planner.host;

import java.util.Optional;

import dev.provision.schema.fleet.PortForward;
import dev.provision.schema.fleet.PortForward.Protocol;

/**
 * A port of this host that somebody holds.
 *
 * @param address
 *            as text: IPv4, {@code 0.0.0.0} for all of them, or IPv6; {@code ::} takes IPv4 too, since one that is for
 *            IPv6 alone ({@code IPV6_V6ONLY} in ipv6(7)) is not in anybody's way here and is left out
 * @param holder
 *            who; absent when the operating system does not tell
 */
public record ListeningPort(Protocol protocol, String address, int port, Optional<Holder> holder) {

    private static final String EVERY_ADDRESS = "0.0.0.0";
    private static final String EVERY_ADDRESS_OF_BOTH = "::";

    /**
     * A process.
     *
     * @param program
     *            its name
     * @param machine
     *            {@code FLEET/NAME} when it is the VMM of a machine of this store
     */
    public record Holder(long pid, String program, Optional<String> machine) {}

    /** Both cannot listen: a wildcard address takes the port on every address. */
    public boolean isInTheWayOf(PortForward forward) {
        return protocol == forward.protocol() && port == forward.hostPort()
                && overlap(address, forward.hostAddress());
    }

    /** Whether two forwards cannot be there at the same time. */
    public static boolean overlap(PortForward a, PortForward b) {
        return a.protocol() == b.protocol() && a.hostPort() == b.hostPort()
                && overlap(a.hostAddress(), b.hostAddress());
    }

    private static boolean overlap(String a, String b) {
        if (a.equals(b)) {
            return true;
        }
        boolean bothIpv4 = isIpv4(a) && isIpv4(b);
        return bothIpv4 ? a.equals(EVERY_ADDRESS) || b.equals(EVERY_ADDRESS)
                : a.equals(EVERY_ADDRESS_OF_BOTH) || b.equals(EVERY_ADDRESS_OF_BOTH);
    }

    private static boolean isIpv4(String address) {
        return address.indexOf(':') < 0;
    }

    /** {@code 127.0.0.1:8080/tcp}, {@code [::]:53/udp}. */
    @Override
    public String toString() {
        return (isIpv4(address) ? address : "[" + address + "]") + ":" + port + "/" + protocol;
    }
}
