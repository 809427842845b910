package dev.provision.acceptance;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** Machines on a bridge of the host reach each other and the host, which reaches them; nothing of it stays. */
class BridgedNetworksTest {

    private static final Path DEVICES = Path.of("/sys/class/net");

    private final int number = ThreadLocalRandom.current().nextInt(1 << 16);
    private final String bridge = "br-pv-%04x".formatted(number);
    /** Of the benchmark networks of RFC 2544, which no host has. */
    private final String subnet = "198.18." + (number & 0xff) + ".";

    @TempDir
    private Path folder = Path.of("");

    private Provision provision = new Provision(folder);

    @BeforeEach
    void open() throws Exception {
        assumeTrue("root".equals(System.getProperty("user.name")), "taps take root");
        assumeTrue(Files.exists(Path.of("/dev/net/tun")), "no /dev/net/tun");
        assumeTrue(hasIp(), "no iproute2");
        assumeTrue(ip("link", "add", "name", bridge, "type", "bridge") == 0, "no bridge can be made here");
        ip("link", "del", "dev", bridge);
        provision = new Provision(folder);
    }

    @AfterEach
    void clearAway() throws Exception {
        provision.close();
        if (Files.exists(DEVICES.resolve(bridge))) {
            ip("link", "del", "dev", bridge);
        }
    }

    private static boolean hasIp() {
        return Stream.of(String.valueOf(System.getenv("PATH")).split(":"))
                .anyMatch(directory -> Files.isExecutable(Path.of(directory, "ip")));
    }

    private static int ip(String... arguments) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(Stream.concat(Stream.of("ip"), Stream.of(arguments)).toList());
        return builder.redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start().waitFor();
    }

    private void manifest(String network) {
        provision.write("machines.yaml", """
                version: 1
                fleet: shop
                defaults:
                  resources: { memory: 128MiB }
                  run: { command: 'exec nc -ll -p 80 -e hostname' }
                  ready: { tcp: 80 }
                networks: { lab: %s }
                machines:
                  a: { networks: [{ name: lab, address: %s10 }] }
                  b: { networks: [{ name: lab, address: %s11 }] }
                """.formatted(network, subnet, subnet));
    }

    private String bridged() {
        return "{ subnet: " + subnet + "0/24, bridge: " + bridge + " }";
    }

    /** Network devices that say that they are this store's. */
    private List<String> ours() throws IOException {
        try (Stream<Path> devices = Files.list(DEVICES)) {
            return devices.filter(this::isOurs).map(device -> device.getFileName().toString()).sorted().toList();
        }
    }

    private boolean isOurs(Path device) {
        try (var alias = Files.newInputStream(device.resolve("ifalias"))) {
            String text = new String(alias.readNBytes(4096), StandardCharsets.UTF_8);
            return text.contains(provision.state().toString());
        } catch (IOException e) {
            return false; // it has just gone, or is no device
        }
    }

    private List<String> ports() throws IOException {
        try (Stream<Path> ports = Files.list(DEVICES.resolve(bridge).resolve("brif"))) {
            return ports.map(port -> port.getFileName().toString()).sorted().toList();
        }
    }

    /** What the machine of this address says to the host on port 80. */
    private static String hears(String address) throws IOException {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(address, 80), 10_000);
            socket.setSoTimeout(10_000);
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        }
    }

    @Test
    void machinesAndHostReachEachOtherOnABridgeThatIsMadeAndRemoved() throws Exception {
        manifest(bridged());
        provision.run("apply", "--yes").exits(0);
        assertEquals("b", provision.exec("a", "nc", "-w", "10", "b", "80"));
        assertEquals("a", provision.exec("b", "nc", "-w", "10", "a.lab", "80"));
        provision.exec("a", "ping", "-c", "5", "-W", "5", "-s", "8000", "b");
        assertEquals("a", hears(subnet + "10"));
        assertEquals("b", hears(subnet + "11"));
        provision.exec("a", "ping", "-c", "5", "-W", "5", subnet + "1");
        List<String> taps = ports();
        assertEquals(2, taps.size(), taps.toString());
        assertEquals(Stream.concat(Stream.of(bridge), taps.stream()).toList(), ours());
        assertTrue(provision.run("plan").exits(0).out().contains("Nothing to do"));

        ProcessHandle killed = ProcessHandle.of(provision.pid("a")).orElseThrow();
        killed.destroyForcibly();
        killed.onExit().join();
        provision.run("apply", "--yes").exits(0);
        assertEquals(taps, ports(), "each has one");
        assertEquals("a", hears(subnet + "10"));

        manifest("{ subnet: " + subnet + "0/24 }");
        String plan = provision.run("plan").exits(0).out();
        assertTrue(plan.contains("networks.lab.bridge " + bridge + " → none: restart"), plan);
        provision.run("apply", "--yes").exits(0);
        assertEquals(List.of(), ours(), "nobody is on it any more");
        assertEquals("b", provision.exec("a", "nc", "-w", "10", "b", "80"));

        manifest(bridged());
        provision.run("apply", "--yes").exits(0);
        assertEquals("b", hears(subnet + "11"));
        provision.run("destroy", "--yes").exits(0);
        assertEquals(List.of(), ours());
        assertFalse(Files.exists(DEVICES.resolve(bridge)));
    }

    @Test
    void theAdministratorsBridgeStaysAsItIs() throws Exception {
        assertEquals(0, ip("link", "add", "name", bridge, "type", "bridge"));
        assertEquals(0, ip("address", "add", subnet + "200/24", "dev", bridge));
        assertEquals(0, ip("link", "set", "dev", bridge, "up"));
        manifest(bridged());
        provision.run("apply", "--yes").exits(0);
        assertEquals("a", hears(subnet + "10"));
        provision.exec("a", "ping", "-c", "5", "-W", "5", subnet + "200");
        provision.exec("a", "sh", "-c", "! ping -c 1 -W 1 " + subnet + "1");
        provision.run("destroy", "--yes").exits(0);
        assertEquals(List.of(), ours());
        assertEquals(List.of(), ports());
    }
}
