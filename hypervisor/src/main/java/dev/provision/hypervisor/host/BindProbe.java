package dev.provision.hypervisor.host;

import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SocketChannel;

import dev.provision.schema.fleet.PortForward;

/**
 * Finds out whether a port is held by binding to it for a moment. Nobody can connect meanwhile: a TCP socket that does not
 * listen refuses. It is done as QEMU's user network does it (libslirp, {@code tcpx_listen} and {@code udpx_listen}): IPv4,
 * SO_REUSEADDR for TCP alone; so what it answers is what QEMU would be told.
 */
final class BindProbe {

    private BindProbe() {}

    /** False also when the port cannot be bound for another reason than that somebody has it. */
    static boolean isHeld(PortForward port) {
        InetSocketAddress address = new InetSocketAddress(port.hostAddress(), port.hostPort());
        try {
            switch (port.protocol()) {
                case TCP -> bindTcp(address);
                case UDP -> bindUdp(address);
            }
            return false;
        } catch (BindException e) {
            return String.valueOf(e.getMessage()).contains("in use");
        } catch (IOException e) {
            return false;
        }
    }

    private static void bindTcp(InetSocketAddress address) throws IOException {
        try (SocketChannel socket = SocketChannel.open(StandardProtocolFamily.INET)) {
            socket.setOption(StandardSocketOptions.SO_REUSEADDR, true).bind(address);
        }
    }

    private static void bindUdp(InetSocketAddress address) throws IOException {
        try (DatagramChannel socket = DatagramChannel.open(StandardProtocolFamily.INET)) {
            socket.bind(address);
        }
    }
}
