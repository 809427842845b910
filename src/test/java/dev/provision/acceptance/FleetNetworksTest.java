package dev.provision.acceptance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Machines on one network of their fleet reach each other by name, and nobody else does. */
class FleetNetworksTest {

    @TempDir
    private Path folder = Path.of("");

    private Provision provision = new Provision(folder);
    private Provision elsewhere = new Provision(folder);

    @BeforeEach
    void open() throws IOException {
        provision = new Provision(Files.createDirectory(folder.resolve("a")));
        elsewhere = new Provision(Files.createDirectory(folder.resolve("b")));
    }

    @AfterEach
    void endVmms() {
        provision.close();
        elsewhere.close();
    }

    private static void manifest(Provision store, String file, String fleet, String machines) {
        store.write(file, """
                version: 1
                fleet: %s
                defaults:
                  resources: { memory: 128MiB }
                  networks: [lab]
                  run: { command: 'exec nc -ll -p 80 -e hostname' }
                  ready: { tcp: 80 }
                networks: { lab: { subnet: 10.77.0.0/24 }, side: }
                machines: %s
                """.formatted(fleet, machines));
    }

    @Test
    void machinesOfOneNetworkReachEachOtherByNameAndLearnOfThoseWhoComeAndGo() {
        manifest(provision, "machines.yaml", "shop",
                "{ a: {}, b: { networks: [side, lab] }, alone: { networks: [] } }");
        provision.run("apply", "--yes").exits(0);
        assertEquals("b", asks("a", "b"));
        assertEquals("a", asks("b", "a"));
        assertEquals("b", asks("a", "b.lab"));
        assertEquals("a", asks("b", "a.shop"));
        assertEquals("a", asks("a", "a"), "itself");
        assertEquals("b", asks("b", "b.side"), "its own address on a network that was given a subnet");
        String address = address("a", "a.lab");
        assertTrue(address.startsWith("10.77.0."), address);
        assertEquals(address, address("b", "a"));
        assertEquals("", tries("alone", address), "it is on no network");
        assertEquals("", tries("a", "alone"));
        provision.exec("a", "ping", "-c", "5", "-W", "5", "-s", "8000", "b");
        provision.exec("a", "arping", "-f", "-c", "20", "-w", "20", "-I", "eth1", address("a", "b.lab"));
        othersComeAndGo(address);
    }

    private void othersComeAndGo(String address) {
        double before = uptime("a");
        long pid = provision.pid("a");
        manifest(provision, "machines.yaml", "shop",
                "{ a: {}, b: { networks: [side, lab] }, c: {}, alone: { networks: [] } }");
        String plan = provision.run("plan").exits(0).out();
        assertTrue(plan.contains("networks.lab.names 2 → 3 (+ c): live"), plan);
        provision.run("apply", "--yes").exits(0);
        assertEquals(pid, provision.pid("a"), "live");
        assertTrue(uptime("a") > before, "no reboot");
        assertEquals("c", asks("a", "c"));
        assertEquals("c", asks("b", "c"));
        assertEquals("a", asks("c", "a"));
        assertEquals(address, address("c", "a"), "who is there keeps its address");
        assertTrue(provision.run("plan").exits(0).out().contains("Nothing to do"));

        provision.exec("a", "sh", "-c", "echo '192.0.2.1 mine' >>/etc/hosts");
        manifest(provision, "machines.yaml", "shop", "{ a: {}, c: {}, alone: { networks: [] } }");
        provision.run("apply", "--yes", "--prune").exits(0);
        assertEquals(pid, provision.pid("a"), "live");
        assertEquals("", address("a", "b"), "who went is not known any more");
        assertEquals("", address("a", "b.lab"));
        assertEquals("192.0.2.1", address("a", "mine"), "what others wrote stays");
        assertEquals("c", asks("a", "c"));

        manifest(provision, "machines.yaml", "shop", "{ a: {}, c: { networks: [] }, alone: { networks: [] } }");
        assertTrue(provision.run("plan").exits(0).out().contains("networks lab → none: restart"));
        provision.run("apply", "--yes").exits(0);
        assertEquals("", tries("c", address));
        assertEquals(pid, provision.pid("a"), "live");
    }

    @Test
    void fleetsAndStoresShareNoNetwork() throws IOException {
        manifest(provision, "machines.yaml", "shop", "{ a: { networks: [{ name: lab, address: 10.77.0.10 }] } }");
        manifest(provision, "other.yaml", "other", "{ b: { networks: [{ name: lab, address: 10.77.0.11 }] } }");
        manifest(elsewhere, "machines.yaml", "shop", "{ c: { networks: [{ name: lab, address: 10.77.0.12 }] } }");
        provision.run("apply", "--yes").exits(0);
        provision.run("apply", "--yes", "other.yaml").exits(0);
        elsewhere.run("apply", "--yes").exits(0);
        assertEquals("a", asks("a", "10.77.0.10"));
        assertEquals("", tries("a", "10.77.0.11"), "another fleet");
        assertEquals("", tries("a", "10.77.0.12"), "another store");
        assertNotEquals(List.of(), provision.vmms());
        provision.exec("a", "sh", "-c", "! arping -c 2 -w 3 -I eth1 10.77.0.11");
    }

    /** What the machine of that name or address answers on port 80. */
    private String asks(String from, String whom) {
        return provision.exec(from, "nc", "-w", "10", whom, "80");
    }

    /** The same; nothing where nobody can be reached. */
    private String tries(String from, String whom) {
        return provision.exec(from, "sh", "-c", "nc -w 2 " + whom + " 80 2>/dev/null || true");
    }

    private String address(String from, String name) {
        return provision.exec(from, "sh", "-c",
                "awk -v name=" + name + " '{ for (i = 2; i <= NF; i++) if ($i == name) print $1 }' /etc/hosts");
    }

    private double uptime(String machine) {
        return Double.parseDouble(provision.exec(machine, "cut", "-d ", "-f1", "/proc/uptime"));
    }
}
