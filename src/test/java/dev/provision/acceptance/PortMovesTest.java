package dev.provision.acceptance;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;

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
    void runningMachinesSwapPortsAndOneThatRestartsGivesOneToANewOne() throws IOException {
        int[] ports = free(3);
        manifest(ports[0], ports[1], "old: { ports: ['" + ports[2] + ":80'] }");
        provision.run("apply", "--yes").exits(0);
        answers(ports[0], "blue");
        long blue = provision.pid("blue");
        long green = provision.pid("green");
        manifest(ports[1], ports[0],
                "old: { env: { A: b }, dependsOn: { fresh: ready } }\n  fresh: { ports: ['" + ports[2] + ":80'] }");
        String plan = provision.run("plan").exits(0).out();
        assertTrue(plan.contains("host port " + ports[2] + "/tcp comes from `old`, which lets go of it first"), plan);
        provision.run("apply", "--yes").exits(0);
        assertEquals(blue, provision.pid("blue"), "live");
        assertEquals(green, provision.pid("green"), "live");
        answers(ports[0], "green");
        answers(ports[1], "blue");
        answers(ports[2], "fresh");
        assertTrue(provision.run("plan").exits(0).out().contains("Nothing to do"));
    }

    private static void answers(int port, String name) {
        Awaitility.await("port " + port + " is answered by " + name)
                .atMost(Duration.ofSeconds(20))
                .ignoreExceptions()
                .untilAsserted(() -> {
                    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                        socket.setSoTimeout(5_000);
                        assertEquals(name,
                                new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip());
                    }
                });
    }

    /** Different ones: all are held until the last one is known. */
    private static int[] free(int count) throws IOException {
        int[] ports = new int[count];
        ServerSocket[] held = new ServerSocket[count];
        for (int i = 0; i < count; i++) {
            held[i] = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
            ports[i] = held[i].getLocalPort();
        }
        for (ServerSocket socket : held) {
            socket.close();
        }
        return ports;
    }
}
