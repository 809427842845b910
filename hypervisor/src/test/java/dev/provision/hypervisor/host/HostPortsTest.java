package dev.provision.hypervisor.host;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import dev.provision.planner.host.ListeningPort;
import dev.provision.planner.host.ListeningPort.Holder;
import dev.provision.schema.fleet.PortForward;
import dev.provision.schema.fleet.PortForward.Protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

class HostPortsTest {

    private static final String TITLES = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n";

    @TempDir
    private Path proc = Path.of("");

    private static PortForward tcp(String address, int port) {
        return new PortForward(address, port, 80, Protocol.TCP);
    }

    private static String line(String local, String state, long inode) {
        return "   0: " + local + " 00000000:0000 " + state + " 00000000:00000000 00:00000000 00000000     0        0 "
                + inode + " 1 0000000000000000 100 0 0 10 0\n";
    }

    /** A /proc whose process 7 has socket 500 open. */
    private HostPorts host(String tcp, String tcp6, Predicate<PortForward> probe) throws IOException {
        Files.createDirectories(proc.resolve("net"));
        Files.writeString(proc.resolve("net/tcp"), TITLES + tcp);
        Files.writeString(proc.resolve("net/tcp6"), TITLES + tcp6);
        Path descriptors = Files.createDirectories(proc.resolve("7/fd"));
        if (Files.notExists(descriptors.resolve("3"), LinkOption.NOFOLLOW_LINKS)) {
            Files.createSymbolicLink(descriptors.resolve("0"), Path.of("pipe:[500]"));
            Files.createSymbolicLink(descriptors.resolve("3"), Path.of("socket:[500]"));
            Files.writeString(proc.resolve("7/comm"), "qemu-system-x86\n");
            Files.write(proc.resolve("7/cmdline"), "qemu\0-name\0shop/web\0".getBytes(StandardCharsets.UTF_8));
        }
        return new HostPorts(proc, probe, argv -> argv.isEmpty() ? Optional.empty() : Optional.of(argv.getLast()));
    }

    private static void never(PortForward port) {
        throw new AssertionError("binds to " + port);
    }

    @Test
    void tellsWhoHoldsWhatIsAskedFor() throws IOException {
        HostPorts host = host(line("0100007F:1F90", "0A", 500) + line("00000000:0016", "0A", 501), "", port -> {
            never(port);
            return true;
        });
        assertEquals(List.of(new ListeningPort(Protocol.TCP, "127.0.0.1", 8080,
                Optional.of(new Holder(7, "qemu-system-x86", Optional.of("shop/web"))))),
                host.held(List.of(tcp("127.0.0.1", 8080), tcp("127.0.0.1", 80))));
        assertEquals(List.of(new ListeningPort(Protocol.TCP, "0.0.0.0", 22, Optional.empty())),
                host.held(List.of(tcp("127.0.0.1", 22))), "of another user");
        assertEquals(List.of(), host.held(List.of(tcp("127.0.0.2", 8080))));
        assertEquals(List.of(), host.held(List.of()));
    }

    @Test
    void onlyBindingTellsWhetherAWildcardOfIpv6TakesIpv4Too() throws IOException {
        String all = line("00000000000000000000000000000000:1F90", "0A", 9);
        PortForward port = tcp("127.0.0.1", 8080);
        assertEquals(List.of(new ListeningPort(Protocol.TCP, "::", 8080, Optional.empty())),
                host("", all, _ -> true).held(List.of(port)));
        assertEquals(List.of(), host("", all, _ -> false).held(List.of(port)));
    }

    @Test
    void withoutTablesEachPortIsTried() {
        HostPorts mac = new HostPorts(proc.resolve("none"), port -> port.hostPort() == 80, _ -> Optional.empty());
        assertEquals(List.of(new ListeningPort(Protocol.TCP, "0.0.0.0", 80, Optional.empty())),
                mac.held(List.of(tcp("0.0.0.0", 80), tcp("0.0.0.0", 81))));
    }

    @Test
    void bindingFailsWhereSomebodyListens() throws IOException {
        InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        int port;
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.INET);
                DatagramChannel datagrams = DatagramChannel.open(StandardProtocolFamily.INET)) {
            server.bind(any);
            datagrams.bind(any);
            port = ((InetSocketAddress) server.getLocalAddress()).getPort();
            int udp = ((InetSocketAddress) datagrams.getLocalAddress()).getPort();
            assertTrue(BindProbe.isHeld(tcp("127.0.0.1", port)));
            assertTrue(BindProbe.isHeld(tcp("0.0.0.0", port)));
            assertFalse(BindProbe.isHeld(tcp("127.0.0.2", port)));
            assertTrue(BindProbe.isHeld(new PortForward("127.0.0.1", udp, 1, Protocol.UDP)));
        }
        assertFalse(BindProbe.isHeld(tcp("127.0.0.1", port)), "given back");
        assertFalse(BindProbe.isHeld(tcp("203.0.113.1", 9)), "not this host's address: nobody has its port");
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void findsItselfOnThisHost() throws IOException {
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.INET)) {
            server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            int port = ((InetSocketAddress) server.getLocalAddress()).getPort();
            List<ListeningPort> held = new HostPorts(_ -> Optional.empty()).held(List.of(tcp("127.0.0.1", port)));
            assertEquals(List.of("127.0.0.1:" + port + "/tcp"), held.stream().map(ListeningPort::toString).toList());
            assertEquals(Optional.of(ProcessHandle.current().pid()),
                    held.getFirst().holder().map(Holder::pid));
        }
    }
}
