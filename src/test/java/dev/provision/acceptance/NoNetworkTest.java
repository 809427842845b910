package dev.provision.acceptance;

import java.nio.file.Path;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** A machine without a network has none. */
class NoNetworkTest {

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

    private void manifest(boolean network) {
        provision.write("machines.yaml", """
                version: 1
                fleet: offline
                machines:
                  a:
                    resources: { memory: 128MiB }
                    network: %s
                    run: { command: [nc, -ll, -p, "80", -e, hostname], restart: always }
                    ready: { tcp: 80, timeout: 1m }
                """.formatted(network));
    }

    @Test
    void itHasNoDeviceButItself() {
        manifest(false);
        String created = provision.run("apply", "--yes").exits(0).out();
        assertTrue(created.contains("1 CPU, 128 MiB memory, no network"), created);
        assertEquals("lo", provision.exec("a", "ls", "/sys/class/net"));
        assertEquals("", provision.exec("a", "sh", "-c", "ip route; cat /etc/resolv.conf"));
        assertEquals("a",
                provision.exec("a", "sh", "-c", "hostname; nc -w 1 10.0.2.2 22 2>/dev/null < /dev/null || true"));
        assertEquals("a", provision.exec("a", "nc", "127.0.0.1", "80"), "it can talk to itself");
        assertTrue(provision.run("plan").exits(0).out().contains("Nothing to do"));
        long pid = provision.pid("a");
        manifest(true);
        String restart = provision.run("apply", "--yes").exits(0).out();
        assertTrue(restart.contains("network false → true: restart (devices are attached at boot)"), restart);
        assertNotEquals(pid, provision.pid("a"));
        assertEquals("eth0\nlo", provision.exec("a", "ls", "/sys/class/net"));
    }
}
