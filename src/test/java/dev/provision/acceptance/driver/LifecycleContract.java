package dev.provision.acceptance.driver;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.provision.hypervisor.Driver;
import dev.provision.hypervisor.DriverException;
import dev.provision.hypervisor.ExecResult;
import dev.provision.hypervisor.MachineId;
import dev.provision.hypervisor.qemu.Specs;
import dev.provision.planner.observed.MachineState;
import dev.provision.schema.fleet.DiskKey;
import dev.provision.schema.fleet.MachineSpec;
import dev.provision.schema.fleet.Probe;
import dev.provision.schema.units.ByteSize;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** How machines come, run, end and go. */
abstract class LifecycleContract {

    @TempDir
    private Path folder = Path.of("");

    private final MachineId id = new MachineId("contract", "a");
    private final MachineId neighbour = new MachineId("contract", "b");

    @SuppressWarnings("NullAway.Init")
    private Driver driver;

    @SuppressWarnings("NullAway.Init")
    private Subject machine;

    /** A driver of the store in this folder, which may be empty; each one as another process would have it. */
    abstract Driver open(Path store) throws Exception;

    /** The same machine, as the driver under test is to boot it. */
    MachineSpec booted(MachineSpec spec) {
        return spec;
    }

    @BeforeEach
    void openStore() throws Exception {
        driver = open(folder);
        machine = new Subject(driver, id);
    }

    @AfterEach
    void endAll() throws Exception {
        for (MachineId each : List.of(id, neighbour)) {
            driver.stop(each, Duration.ZERO);
        }
    }

    private MachineSpec service() {
        return booted(Specs.service(id.name()));
    }

    @Test
    void createStartAndStopChangeNothingWhenTheyAreRepeated() throws Exception {
        MachineSpec spec = service();
        driver.create(id, spec);
        driver.create(id, spec);
        assertInstanceOf(MachineState.Created.class, machine.state());
        assertEquals(Optional.of(spec), machine.observed().applied());
        driver.start(id, spec);
        long pid = machine.running().pid();
        open(folder).start(id, spec);
        assertEquals(pid, machine.running().pid(), "another process finds the VMM that runs");
        driver.awaitReady(id, spec);
        open(folder).awaitReady(id, spec);
        assertTrue(machine.running().ready());
        driver.stop(id, Subject.GRACE);
        driver.stop(id, Subject.GRACE);
        assertEquals(new MachineState.Stopped(), machine.state());
        assertFalse(ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isPresent(), "its VMM is gone");
    }

    @Test
    void aReadyMachineShowsWhatItsSpecSays() throws Exception {
        MachineSpec spec = booted(Specs.withEnv(Specs.service(id.name()), "GREETING", "it's, \"$HOME\""));
        driver.create(id, spec);
        driver.start(id, spec);
        AtomicInteger booted = new AtomicInteger();
        driver.awaitReady(id, spec, booted::incrementAndGet);
        assertEquals(1, booted.get());
        assertEquals(Optional.of(1), machine.running().vcpus());
        assertEquals("1", machine.inGuest("nproc"));
        machine.showsMemory(192);
        assertTrue(machine.memoryMib() <= 192 && machine.memoryMib() > 192 - 64, machine.memoryMib() + " MiB");
        assertEquals("a it's, \"$HOME\"", machine.inGuest("echo \"$(hostname) $GREETING\""));
        assertTrue(machine.sizeMib("/data") > 48, "storage");
        assertEquals("32", machine.inGuest("df -m /dev/shm | awk 'END {print $2}'"));
    }

    @Test
    void whoNeverGetsReadyIsToldOfAndLeftToLookAt() throws Exception {
        machine.boot(service());
        MachineSpec spec = Specs.withProbe(service(), new Probe.Exec(List.of("false")), Duration.ofSeconds(4));
        driver.saveSpec(id, spec);
        DriverException failure = assertThrows(DriverException.class, () -> driver.awaitReady(id, spec));
        assertTrue(String.valueOf(failure.getMessage()).contains("false"), failure.getMessage());
        assertFalse(failure.fix().isBlank());
        assertEquals("a", machine.inGuest("hostname"));
    }

    @Test
    void aJobHasItsExitCodeForEver() throws Exception {
        MachineSpec spec = booted(Specs.job(id.name(), "sh", "-c", "sleep 1; exit 7"));
        machine.boot(spec);
        assertEquals(7, driver.awaitCompletion(id));
        assertEquals(7, open(folder).awaitCompletion(id));
        driver.awaitReady(id, spec);
        assertEquals(new MachineState.Completed(7), machine.state());
        driver.stop(id, Subject.GRACE);
        assertEquals(new MachineState.Completed(7), machine.state(), "to stop what has ended takes nothing away");
    }

    @Test
    void commandsGetTheirInputAndGiveTheirOutputs() throws Exception {
        machine.boot(service());
        byte[] bytes = new byte[70_000];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (i * 31);
        }
        ExecResult result = driver.exec(id, List.of("sh", "-c", "cat; echo 'it''s' >&2; exit 9"), bytes);
        assertArrayEquals(bytes, result.stdout());
        assertEquals("its\n", new String(result.stderr(), StandardCharsets.UTF_8));
        assertEquals(9, result.exitCode());
        machine.end();
        assertThrows(DriverException.class, () -> driver.exec(id, List.of("true"), new byte[0]));
    }

    @Test
    void aVmmThatIsKilledIsSeenDeadAndStartedAgain() throws Exception {
        MachineSpec spec = service();
        machine.boot(spec);
        machine.inGuest("echo kept > /data/file; echo kept > /file; sync");
        assertTrue(ProcessHandle.of(machine.running().pid()).orElseThrow().destroyForcibly());
        await().atMost(Duration.ofSeconds(60)).until(() -> machine.state() instanceof MachineState.Dead);
        assertThrows(DriverException.class, () -> driver.awaitReady(id, spec));
        driver.start(id, spec);
        driver.awaitReady(id, spec);
        assertEquals("kept\nkept", machine.inGuest("cat /data/file /file"));
    }

    @Test
    void disksOutliveWhatTheyShould() throws Exception {
        MachineSpec spec = service();
        machine.boot(spec);
        machine.inGuest("echo kept > /data/file; echo lost > /file; sync");
        assertThrows(DriverException.class, () -> driver.discardOverlay(id), "it runs");
        assertThrows(DriverException.class, () -> driver.remove(id, true), "it runs");
        driver.stop(id, Subject.GRACE);
        driver.discardOverlay(id);
        driver.discardOverlay(id);
        MachineSpec larger = Specs.withDisks(spec, spec.resources().overlay(), Optional.of(ByteSize.ofMib(128)));
        driver.growDisks(id, larger);
        driver.growDisks(id, spec);
        driver.saveSpec(id, larger);
        assertEquals(Optional.of(larger), machine.observed().applied());
        driver.start(id, larger);
        driver.awaitReady(id, larger);
        assertEquals("kept", machine.inGuest("cat /data/file; cat /file 2>/dev/null || true"));
        assertTrue(machine.sizeMib("/data") > 100, "grown, and never made smaller");
        driver.stop(id, Subject.GRACE);
        driver.remove(id, false);
        driver.remove(id, false);
        assertEquals(Map.of(DiskKey.STORAGE, ByteSize.ofMib(128)), driver.observe(id.fleet()).keptOf(id.name()));
        assertTrue(driver.observe(id.fleet()).machines().isEmpty());
        machine.boot(larger);
        assertEquals("kept", machine.inGuest("cat /data/file"));
        machine.end();
        driver.remove(id, true);
        driver.remove(id, true);
        assertTrue(driver.observe(id.fleet()).storageKept().isEmpty());
    }

    @Test
    void machinesDoNotKnowOfEachOther() throws Exception {
        MachineSpec spec = booted(Specs.service(neighbour.name()));
        Subject other = new Subject(driver, neighbour);
        CompletableFuture<Void> second = CompletableFuture.runAsync(() -> {
            try {
                other.boot(spec);
            } catch (DriverException | InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        try {
            machine.boot(service());
        } finally {
            second.join();
        }
        assertEquals("a b", machine.inGuest("hostname") + " " + other.inGuest("hostname"));
        machine.end();
        assertEquals("b", other.inGuest("hostname"));
        assertTrue(driver.observe("contract-2").machines().isEmpty(), "another fleet has none of them");
    }

    @Test
    void whatIsNotThereCanBeStoppedAndRemovedAndNothingElse() throws Exception {
        driver.stop(id, Subject.GRACE);
        driver.remove(id, true);
        driver.limit(id, service());
        assertThrows(DriverException.class, () -> driver.exec(id, List.of("true"), new byte[0]));
        assertThrows(DriverException.class, () -> driver.awaitReady(id, service()));
        assertThrows(DriverException.class, () -> driver.awaitCompletion(id));
        assertThrows(DriverException.class, () -> driver.resizeMemory(id, ByteSize.ofMib(128)));
        assertThrows(DriverException.class, () -> driver.resizeCpus(id, 1));
        assertTrue(driver.observe(id.fleet()).machines().isEmpty(), "no trace is left by any of it");
    }

    @Test
    void whoGivesUpIsLetGo() throws Exception {
        MachineSpec spec = service();
        driver.create(id, spec);
        driver.start(id, spec);
        Thread.currentThread().interrupt();
        assertThrows(InterruptedException.class, () -> driver.awaitReady(id, spec));
        assertFalse(Thread.interrupted(), "an exception, not a flag, says so");
        driver.awaitReady(id, spec);
        assertTrue(machine.running().ready(), "and can come back");
    }
}
