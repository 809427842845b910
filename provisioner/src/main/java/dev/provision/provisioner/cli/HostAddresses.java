package dev.provision.provisioner.cli;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;

/** The IPv4 addresses that something on this host can be bound to. */
final class HostAddresses {

    /** {@code ip_nonlocal_bind} in ip(7): when it is set, what no interface has can be bound to as well. */
    private static final Path NONLOCAL_BIND = Path.of("/proc/sys/net/ipv4/ip_nonlocal_bind");

    private HostAddresses() {}

    /** As text; empty where any address may do, or nobody can tell. */
    static Set<String> ofThisHost() {
        try {
            return anyMayBeBound() ? Set.of()
                    : NetworkInterface.networkInterfaces()
                            .flatMap(NetworkInterface::inetAddresses)
                            .filter(Inet4Address.class::isInstance)
                            .map(InetAddress::getHostAddress)
                            .collect(Collectors.toSet());
        } catch (SocketException e) {
            return Set.of();
        }
    }

    private static boolean anyMayBeBound() {
        try {
            return Files.isReadable(NONLOCAL_BIND) && !Files.readString(NONLOCAL_BIND).strip().equals("0");
        } catch (IOException e) {
            return true;
        }
    }
}
