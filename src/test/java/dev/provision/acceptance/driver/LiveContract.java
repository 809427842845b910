package dev.provision.acceptance.driver;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

import dev.provision.acceptance.HostPorts;
import dev.provision.acceptance.HostStalls;
import dev.provision.hypervisor.Driver;
import dev.provision.hypervisor.DriverException;
import dev.provision.hypervisor.MachineId;
import dev.provision.hypervisor.qemu.Specs;
import dev.provision.planner.host.DriverCapabilities;
import dev.provision.planner.host.DriverCapabilities.LiveChange;
import dev.provision.planner.observed.Booted;
import dev.provision.schema.fleet.MachineSpec;
import dev.provision.schema.fleet.PortForward;
import dev.provision.schema.units.ByteSize;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * What changes of a machine that runs. One machine takes all of it, and the guest goes on: it counts, five times a second, and
 * must not have lost a second at the end.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class LiveContract {

    private static final String COUNT = "(while sleep 0.2; do cut -d ' ' -f 1 /proc/uptime; done) > /run/ticks 2>&1 &"
            + " echo $! > /run/counter";

    /** In hundredths of a second, to now; without a tick all that the guest is up. */
    private static final String LONGEST_GAP = "now=$(cut -d ' ' -f 1 /proc/uptime); kill $(cat /run/counter);"
            + " awk -v now=$now 'NR > 1 && $1 - last > gap { gap = $1 - last } { last = $1 }"
            + " END { if (now - last > gap) gap = now - last; printf \"%d\", gap * 100 }' /run/ticks";
    private static final double MOST_SECONDS = 1.2;

    private final MachineId id = new MachineId("contract", "live");

    @SuppressWarnings("NullAway.Init")
    private Driver driver;

    @SuppressWarnings("NullAway.Init")
    private Subject machine;

    @SuppressWarnings("NullAway.Init")
    private HostStalls stalls;

    private MachineSpec spec = Specs.service(id.name());
    private long pid;

    /** A driver of the store in this folder. */
    abstract Driver open(Path store) throws Exception;

    /** The same machine, as the driver under test is to boot it. */
    MachineSpec booted(MachineSpec plain) {
        return plain;
    }

    @BeforeAll
    void boot(@TempDir Path folder) throws Exception {
        driver = open(folder);
        machine = new Subject(driver, id);
        spec = booted(spec);
        machine.boot(spec);
        pid = machine.running().pid();
    }

    @AfterAll
    void end() throws Exception {
        machine.end();
    }

    @BeforeEach
    void count() throws Exception {
        stalls = new HostStalls(pid);
        machine.inGuest(COUNT);
    }

    @AfterEach
    void theGuestHasGoneOn() throws Exception {
        try (HostStalls during = stalls) {
            assertEquals(pid, machine.running().pid());
            double gap = Integer.parseInt(machine.inGuest(LONGEST_GAP)) / 100.0;
            double stalled = during.within(gap);
            assertTrue(gap <= MOST_SECONDS + stalled, "the guest has lost " + gap
                    + " s, of which its host kept it waiting for at most " + stalled + " s");
        }
    }

    private void requires(LiveChange change) throws Exception {
        Booted vmm = machine.observed().booted().orElseThrow();
        DriverCapabilities declared = driver.capabilities().of(vmm.machineType(), vmm.accelerator());
        assumeTrue(declared.can(change), declared.runtime() + " does not declare " + change);
    }

    @Test
    void memoryGoesDownAndUp() throws Exception {
        requires(LiveChange.BALLOON);
        long before = machine.memoryMib();
        for (int mib : List.of(160, 160, 256, 192)) {
            driver.resizeMemory(id, ByteSize.ofMib(mib));
            machine.showsMemory(mib);
            long seen = machine.memoryMib() - before;
            assertTrue(Math.abs(seen - (mib - 192)) <= 2, "the guest sees " + seen + " MiB more than before");
        }
    }

    @Test
    void memoryBeyondWhatWasBootedIsRefused() throws Exception {
        requires(LiveChange.BALLOON);
        long before = machine.memoryMib();
        assertThrows(DriverException.class, () -> driver.resizeMemory(id, ByteSize.ofGib(64)));
        driver.resizeMemory(id, spec.resources().memory().limit());
        assertTrue(Math.abs(machine.memoryMib() - before) <= 2, machine.memoryMib() + " MiB, not " + before);
    }

    @Test
    void vcpusComeAndGo() throws Exception {
        requires(LiveChange.SWITCH_VCPUS);
        for (int vcpus : List.of(2, 2, 1, 1, 2, 1)) {
            driver.resizeCpus(id, vcpus);
            assertEquals(Integer.toString(vcpus), machine.inGuest("nproc"));
            assertEquals(Optional.of(vcpus), machine.running().vcpus());
        }
        assertThrows(DriverException.class, () -> driver.resizeCpus(id, 3));
        assertEquals("1", machine.inGuest("nproc"));
    }

    @Test
    void sharedMemoryTakesAnotherSizeAndKeepsWhatIsInIt() throws Exception {
        requires(LiveChange.SHM);
        machine.inGuest("head -c 8m /dev/zero > /dev/shm/file");
        for (int mib : List.of(64, 64, 16)) {
            driver.resizeShm(id, ByteSize.ofMib(mib));
            assertEquals(mib, machine.sizeMib("/dev/shm"));
        }
        assertThrows(DriverException.class, () -> driver.resizeShm(id, ByteSize.ofMib(4)));
        assertEquals("16", machine.inGuest("rm /dev/shm/file; df -m /dev/shm | awk 'END {print $2}'"));
        driver.resizeShm(id, ByteSize.ofMib(32));
    }

    @Test
    void disksGrowWhileTheyAreUsed() throws Exception {
        requires(LiveChange.GROW_DISKS);
        machine.inGuest("echo witness > /data/file");
        MachineSpec larger = Specs.withDisks(spec, Optional.of(ByteSize.ofMib(96)), Optional.of(ByteSize.ofMib(128)));
        driver.growDisks(id, larger);
        driver.growDisks(id, larger);
        driver.growDisks(id, spec);
        assertTrue(machine.sizeMib("/data") > 100, "storage");
        assertEquals("witness", machine.inGuest("cat /data/file"));
    }

    @Test
    void portsOpenAndClose() throws Exception {
        requires(LiveChange.PORTS);
        int port = HostPorts.tcp();
        try (ServerSocket _ = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            PortForward taken = new PortForward("127.0.0.1", port, 7000, PortForward.Protocol.TCP);
            assertThrows(DriverException.class, () -> driver.forwardPorts(id, List.of(), List.of(taken)));
        }
        PortForward web = new PortForward("127.0.0.1", port, 7000, PortForward.Protocol.TCP);
        machine.inGuest("(echo hello | nc -l -p 7000 > /dev/null) > /dev/null 2>&1 &");
        machine.inGuest("for _ in $(seq 200); do netstat -ltn | grep -q :7000 && exit; usleep 50000; done; exit 1");
        driver.forwardPorts(id, List.of(), List.of(web));
        driver.forwardPorts(id, List.of(), List.of(web));
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(10_000);
            assertEquals("hello\n", new String(socket.getInputStream().readNBytes(6), StandardCharsets.UTF_8));
        }
        driver.forwardPorts(id, List.of(web), List.of());
        driver.forwardPorts(id, List.of(web), List.of());
        assertThrows(IOException.class, () -> new Socket(InetAddress.getLoopbackAddress(), port).close());
    }

    @Test
    void limitsCanBeSetAgain() throws Exception {
        driver.limit(id, spec);
        driver.limit(id, spec);
        assertEquals("live", machine.inGuest("hostname"));
    }
}
