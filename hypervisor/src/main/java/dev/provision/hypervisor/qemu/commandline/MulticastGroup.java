package dev.provision.hypervisor.qemu.commandline;

import java.nio.ByteBuffer;
import java.nio.file.Path;

import dev.provision.hypervisor.store.NameHash;

/**
 * Where the VMMs of one fleet network meet on the host's loopback: a multicast group, to which each of them sends every
 * frame of its machine as one datagram. Derived, so that nothing has to be kept or agreed on.
 *
 * @param address
 *            of 239.0.0.0/8, which is for everybody's own use (RFC 2365)
 * @param port
 *            20000 to 31999: below the ports that Linux and macOS give out by themselves
 */
public record MulticastGroup(String address, int port) {

    private static final int FIRST_PORT = 20_000;
    private static final int PORTS = 12_000;

    /**
     * The group of a network.
     *
     * @param fleet
     *            the absolute directory of the fleet's machines: two stores have none in common
     */
    public static MulticastGroup of(Path fleet, String network) {
        ByteBuffer hash = NameHash.of(fleet + "\0" + network);
        long port = FIRST_PORT + Integer.toUnsignedLong(hash.getInt()) % PORTS;
        // 1 to 254 each: some look at 239.0.0.0/24 and 239.255.255.250 themselves.
        return new MulticastGroup("239.%d.%d.%d".formatted(octet(hash), octet(hash), octet(hash)), (int) port);
    }

    private static int octet(ByteBuffer hash) {
        return 1 + Short.toUnsignedInt(hash.getShort()) % 254;
    }
}
