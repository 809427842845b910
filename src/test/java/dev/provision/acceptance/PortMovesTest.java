package dev.provision.acceptance;

import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Host ports go from one running machine to another in one apply. */
class PortMovesTest {

    @TempDir
    private Path folder = Path.of("");

    private Provision provision = new Provision(folder);

    @BeforeEach
    void open() {
        provision = new Provision(folder);
    }

    @AfterEach
    void endVmms() {
        provision.close();
    }

    private void manifest(int blue, int green, String old) {
        provision.write("machines.yaml",
                """
                        version: 1
                        fleet: moves
                        defaults: { resources: { memory: 128MiB }, run: { command: 'exec nc -ll -p 80 -e hostname' }, ready: { tcp: 80 } }
                        machines:
                          blue: { ports: ["%d:80"] }
                          green: { ports: ["%d:80"] }
                          %s
                        """
                        .formatted(blue, green, old));
    }

    @Test
    void runningMachinesSwapPortsAndOneThatRestartsGivesOneToANewOne() {
        List<Integer> ports = HostPorts.tcp(3);
        int first = ports.get(0);
        int second = ports.get(1);
        int third = ports.get(2);
        manifest(first, second, "old: { ports: ['" + third + ":80'] }");
        provision.run("apply", "--yes").exits(0);
        answers(first, "blue");
        long blue = provision.pid("blue");
        long green = provision.pid("green");
        manifest(second, first,
                "old: { env: { A: b }, dependsOn: { fresh: ready } }\n  fresh: { ports: ['" + third + ":80'] }");
        String plan = provision.run("plan").exits(0).out();
        assertTrue(plan.contains("host port " + third + "/tcp comes from `old`, which lets go of it first"), plan);
        provision.run("apply", "--yes").exits(0);
        assertEquals(blue, provision.pid("blue"), "live");
        assertEquals(green, provision.pid("green"), "live");
        answers(first, "green");
        answers(second, "blue");
        answers(third, "fresh");
        assertTrue(provision.run("plan").exits(0).out().contains("Nothing to do"));
    }

    private static void answers(int port, String name) {
        Awaitility.await("port " + port + " is answered by " + name)
                .atMost(Duration.ofMinutes(1))
                .ignoreExceptions()
                .untilAsserted(() -> {
                    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                        socket.setSoTimeout(5_000);
                        assertEquals(name,
                                new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip());
                    }
                });
    }
}
