package dev.provision.acceptance;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.provision.hypervisor.DriverException;
import dev.provision.hypervisor.ExecResult;
import dev.provision.hypervisor.MachineId;
import dev.provision.hypervisor.host.HostProbe;
import dev.provision.hypervisor.host.process.ProcessIdentity;
import dev.provision.hypervisor.host.process.ProcessSignal;
import dev.provision.hypervisor.host.process.Processes;
import dev.provision.hypervisor.image.ImageStore;
import dev.provision.hypervisor.qemu.QemuDriver;
import dev.provision.hypervisor.qemu.QemuSetup;
import dev.provision.hypervisor.qemu.Specs;
import dev.provision.hypervisor.qemu.commandline.MachineType;
import dev.provision.hypervisor.qemu.vm.EndOfVmm;
import dev.provision.hypervisor.qemu.vm.Vm;
import dev.provision.hypervisor.qemu.vm.VmmProcesses;
import dev.provision.hypervisor.store.MachineRecord;
import dev.provision.hypervisor.store.MachineStore;
import dev.provision.hypervisor.store.PrivateFiles;
import dev.provision.hypervisor.store.StoreLayout;
import dev.provision.planner.host.Accelerator;
import dev.provision.planner.observed.MachineState;
import dev.provision.schema.fleet.DiskKey;
import dev.provision.schema.fleet.MachineSpec;
import dev.provision.schema.fleet.MemoryRange;
import dev.provision.schema.fleet.PortForward;
import dev.provision.schema.units.ByteSize;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * Every operation of the driver on real guests under TCG.
 */
class DriverTest {
    private static final Duration GRACE = Duration.ofSeconds(60);

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    private final MachineId id = new MachineId("h-driver", "web-0");
    private final MachineId other = new MachineId("h-driver", "web-1");

    @SuppressWarnings("NullAway.Init")
    private Processes processes;

    @SuppressWarnings("NullAway.Init")
    private StoreLayout layout;

    @SuppressWarnings("NullAway.Init")
    private QemuDriver driver;

    @BeforeEach
    void open() throws IOException {
        processes = Processes.ofThisHost();
        layout = new StoreLayout(folder.resolve("state"), folder.resolve("run"));
        driver = newDriver();
    }

    private QemuDriver newDriver() throws IOException {
        var tscKhz = HostProbe.ofThisHost().facts().tscKhz();
        var images = new ImageStore(List.of(Path.of("../../provisioner/target/provision/guest")));
        return new QemuDriver(layout, QemuSetup.of(MachineType.MICROVM, Accelerator.TCG, tscKhz), images::find,
                processes, System.getenv("PATH"), InstantSource.system());
    }

    @AfterEach
    void endAll() throws DriverException, InterruptedException {
        for (MachineId machine : List.of(id, other)) {
            driver.stop(machine, Duration.ZERO);
        }
    }

    private void boot(MachineSpec spec) throws DriverException, InterruptedException {
        driver.create(id, spec);
        driver.start(id, spec);
        driver.awaitReady(id, spec);
    }

    private MachineState state() throws DriverException, InterruptedException {
        return Objects.requireNonNull(driver.observe(id.fleet()).machines().get(id.name())).state();
    }

    private String inGuest(String script) throws DriverException, InterruptedException {
        ExecResult result = driver.exec(id, List.of("sh", "-c", script), new byte[0]);
        assertEquals(0, result.exitCode(), new String(result.stderr(), StandardCharsets.UTF_8));
        return new String(result.stdout(), StandardCharsets.UTF_8).strip();
    }

    private ProcessIdentity vmm() throws IOException {
        return new VmmProcesses(processes, layout).find(id, Optional.empty()).orElseThrow();
    }

    @Test
    void bootsResizesAndStops() throws Exception {
        MachineSpec spec = Specs.withEnv(Specs.service("web-0"), "GREETING", "it's, \"$HOME\"");
        boot(spec);
        var running = assertInstanceOf(MachineState.Running.class, state());
        assertEquals(Optional.of(ByteSize.ofMib(192)), running.memory());
        assertEquals(Optional.of(1), running.vcpus());
        assertTrue(running.ready());
        assertEquals("it's, \"$HOME\"", inGuest("echo \"$GREETING\""));
        assertEquals("web-0", inGuest("hostname"));

        driver.resizeMemory(id, ByteSize.ofMib(256));
        long full = Long.parseLong(inGuest("awk '/MemTotal/ {print $2}' /proc/meminfo"));
        driver.resizeMemory(id, ByteSize.ofMib(160));
        long less = Long.parseLong(inGuest("awk '/MemTotal/ {print $2}' /proc/meminfo"));
        assertTrue(Math.abs(full - less - 96 * 1024) < 1024, full + " - " + less);
        driver.resizeCpus(id, 2);
        assertEquals("2", inGuest("nproc"));
        driver.resizeCpus(id, 1);
        assertEquals("1", inGuest("nproc"));
        assertThrows(DriverException.class, () -> driver.resizeCpus(id, 3));

        inGuest("echo kept > /data/file; echo lost > /file; sync");
        driver.start(id, spec); // does nothing
        assertEquals(running.pid(), assertInstanceOf(MachineState.Running.class, state()).pid());
        driver.stop(id, GRACE);
        driver.stop(id, GRACE);
        assertInstanceOf(MachineState.Stopped.class, state());
        assertTrue(EndOfVmm.reason(Vm.of(id, layout.machine(id)), List.of()).contains("powered itself off"));

        driver.start(id, spec);
        driver.awaitReady(id, spec);
        assertEquals("kept\nlost", inGuest("cat /data/file /file"));
        driver.stop(id, GRACE);
        driver.discardOverlay(id);
        MachineSpec larger = Specs.withDisks(spec, spec.resources().overlay(), Optional.of(ByteSize.ofMib(128)));
        driver.growDisks(id, larger);
        driver.saveSpec(id, larger);
        driver.start(id, larger);
        driver.awaitReady(id, larger);
        assertEquals("kept\nno", inGuest("cat /data/file; ls /file 2>/dev/null || echo no"));
        assertTrue(Long.parseLong(inGuest("df -k /data | tail -n 1 | awk '{print $2}'")) > 100_000);
        assertThrows(DriverException.class, () -> driver.remove(id, true));
        driver.stop(id, GRACE);
        driver.remove(id, false);
        driver.remove(id, false);
        assertFalse(Files.exists(layout.machine(id).directory()));
        assertEquals(Map.of(DiskKey.STORAGE, ByteSize.ofMib(128)), driver.observe(id.fleet()).keptOf("web-0"));
        driver.remove(id, true);
        assertTrue(driver.observe(id.fleet()).storageKept().isEmpty());
    }

    @Test
    void jobCompletesWithItsExitCode() throws Exception {
        MachineSpec spec = Specs.job("web-0", "sh", "-c", "echo \"from, $0\"; sleep 1; exit 7", "the 'job'");
        boot(spec);
        assertEquals(7, driver.awaitCompletion(id));
        assertEquals(new MachineState.Completed(7), state());
        assertEquals(List.of("from, the 'job'"), driver.lastOutput(id));
        driver.stop(id, GRACE);
        assertEquals(new MachineState.Completed(7), state());
        driver.awaitReady(id, spec);
        assertEquals(7, driver.awaitCompletion(id));
    }

    @Test
    void adoptsAVmmWhoseRecordLacksIt() throws Exception {
        MachineSpec spec = Specs.job("web-0", "sleep", "1000");
        driver.create(id, spec);
        driver.start(id, spec);
        MachineStore store = new MachineStore(layout);
        MachineRecord record = store.find(id).orElseThrow();
        var vmm = record.vmm().orElseThrow();
        store.save(record.withVmm(vmm.withProcess(new ProcessIdentity(1, "recycled"))));
        assertEquals(vmm.process().orElseThrow().pid(),
                assertInstanceOf(MachineState.Running.class, state()).pid());
        driver = newDriver();
        driver.start(id, spec);
        assertEquals(vmm.process(), store.find(id).orElseThrow().vmm().orElseThrow().process());

        Files.delete(layout.machine(id).record());
        assertInstanceOf(MachineState.Running.class, state(), "known from the copy of its record");
        PrivateFiles.removeTree(layout.socketRoot().resolve("records"));
        assertEquals(new MachineState.Orphan(vmm.process().orElseThrow().pid()), state());
        driver.stop(id, GRACE);
        assertInstanceOf(MachineState.Created.class, state());
        driver.remove(id, true);
        assertTrue(driver.observe(id.fleet()).machines().isEmpty());
    }

    @Test
    void tellsADeadMachine() throws Exception {
        MachineSpec spec = Specs.job("web-0", "sleep", "1000");
        boot(spec);
        processes.signalIfSame(vmm(), ProcessSignal.KILL);
        await().atMost(Duration.ofSeconds(60)).until(() -> state() instanceof MachineState.Dead);
        var failure = assertThrows(DriverException.class, () -> driver.awaitCompletion(id));
        assertTrue(String.valueOf(failure.getMessage()).contains("killed"), failure.getMessage());
        driver.start(id, spec);
        driver.awaitReady(id, spec);
        inGuest("(sleep 5; echo c > /proc/sysrq-trigger) > /dev/null 2>&1 &");
        await().atMost(Duration.ofSeconds(60)).until(() -> state() instanceof MachineState.Dead);
        assertTrue(state().toString().contains("panicked"), state().toString());
    }

    @Test
    void forwardsPortsAndTellsTakenOnes() throws Exception {
        int port = HostPorts.tcp();
        PortForward web = new PortForward("127.0.0.1", port, 80, PortForward.Protocol.TCP);
        MachineSpec spec = Specs.withPorts(Specs.service("web-0"), web);
        boot(spec);
        MachineSpec second = Specs.withPorts(Specs.service("web-1"), web);
        driver.create(other, second);
        var failure = assertThrows(DriverException.class, () -> driver.start(other, second));
        assertTrue(String.valueOf(failure.getMessage()).contains("127.0.0.1:" + port + " cannot be forwarded"),
                failure.getMessage());
        PortForward udp = new PortForward("0.0.0.0", HostPorts.udp(), 53, PortForward.Protocol.UDP);
        driver.forwardPorts(id, List.of(web), List.of(udp));
        driver.forwardPorts(id, List.of(web), List.of(udp));
        try (ServerSocket free = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            assertEquals(port, free.getLocalPort());
            assertThrows(DriverException.class, () -> driver.forwardPorts(id, List.of(), List.of(web)));
        }
        driver.forwardPorts(id, List.of(), List.of(web));
    }

    @Test
    void tellsMemoryThatIsTooLittle() throws Exception {
        MachineSpec tiny = Specs.withMemory(Specs.service("web-0"), MemoryRange.exactly(ByteSize.ofMib(64)));
        driver.create(id, tiny);
        driver.start(id, tiny);
        var failure = assertThrows(DriverException.class, () -> driver.awaitReady(id, tiny));
        assertTrue(String.valueOf(failure.getMessage()).contains("panicked"), failure.getMessage());
        assertFalse(failure.consoleTail().isEmpty());
    }

    @Test
    void endsAVmmThatHangs() throws Exception {
        MachineSpec spec = Specs.job("web-0", "sleep", "1000");
        boot(spec);
        long pid = vmm().pid();
        assertEquals(0, new ProcessBuilder("kill", "-STOP", Long.toString(pid)).start().waitFor());
        assertEquals(pid, assertInstanceOf(MachineState.Unresponsive.class, state()).pid());
        assertThrows(DriverException.class, () -> driver.resizeMemory(id, ByteSize.ofMib(256)));
        driver.stop(id, Duration.ofSeconds(1));
        assertInstanceOf(MachineState.Stopped.class, state());
    }
}
