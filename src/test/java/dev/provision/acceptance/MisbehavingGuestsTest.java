package dev.provision.acceptance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Guests that do their worst: a neighbour goes on answering, the host's disk is safe, and status tells what happened. */
class MisbehavingGuestsTest {

    private static final long MIB = 1 << 20;

    /** What the keeper of a VMM has in its hands when a log has reached its bound. */
    private static final long PART = 64 << 10;

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

    @Test
    void theirEndsAreToldApart() {
        apply("""
                  calm: {}
                  panics: {}
                  leaves: {}
                  killed: {}
                """);
        // Later than the command that begins it has had its answer.
        inBackground("panics", "sleep 5; echo c > /proc/sysrq-trigger");
        inBackground("leaves", "sleep 5; poweroff");
        ProcessHandle.of(provision.pid("killed")).orElseThrow().destroyForcibly();
        assertDies("panics", "the guest's kernel panicked: sysrq triggered crash");
        assertDies("leaves", "the guest powered itself off");
        assertDies("killed", "killed (SIGKILL)");
        assertNeighbourAnswers();
        provision.run("apply", "--yes").exits(0);
        for (String name : Set.of("calm", "panics", "leaves", "killed")) {
            assertEquals("ready", provision.state(name), name);
        }
    }

    @Test
    void forksWithoutEndAndMemoryAreTheirOwn() {
        apply("""
                  calm: {}
                  forks: {}
                  eats: {}
                """);
        long taken = resident("eats");
        inBackground("forks", "sleep 2; bomb() { bomb | bomb & }; while :; do bomb; done");
        inBackground("eats", "sleep 2; while :; do tail /dev/zero; done");
        for (int look = 0; look < 5; look++) {
            assertNeighbourAnswers();
        }
        // As much of the host as was given to it, the emulator's own needs included, however much it asks for.
        assertTrue(resident("eats") < taken + 128 * MIB, () -> taken + " bytes grew to " + resident("eats"));
        for (String name : Set.of("forks", "eats")) {
            String state = provision.state(name);
            assertTrue(Set.of("ready", "unresponsive", "dead").contains(state), state);
        }
        assertEquals("ready", provision.state("calm"));
        provision.run("destroy", "--yes", "--storage").exits(0);
        assertTrue(provision.vmms().isEmpty(), "they can be ended");
    }

    @Test
    void floodedLogsStayBounded() throws IOException {
        apply("""
                  calm: {}
                  floods: { run: { command: [yes, flood-of-its-command], restart: always } }
                """);
        Path machine = provision.state().resolve("fleets/wild/machines/floods");
        // What has no keeper fills the disk: each write below goes on for as long as this test looks.
        inBackground("floods", "yes flood-of-the-console > /dev/console");
        inBackground("floods", "yes x > /dev/virtio-ports/dev.provision.report");
        assertIsCut(machine.resolve("report.log"), MIB);
        assertIsCut(machine.resolve("run.log"), 16 * MIB);
        assertNeighbourAnswers();
        for (String log : Set.of("console.log", "vmm.log")) {
            assertTrue(Files.size(machine.resolve(log)) <= 2 * MIB + PART, log);
        }
        assertTrue(Files.size(machine.resolve("console.log")) > 0);
        assertTrue(Set.of("ready", "unresponsive").contains(provision.state("floods")), provision.state("floods"));
    }

    @Test
    void aFullDiskIsFullInTheGuest() throws IOException {
        apply("""
                  calm: {}
                  fills: { resources: { overlay: 64MiB } }
                """);
        String said = provision.exec("fills", "sh", "-c", "dd if=/dev/zero of=/fill bs=1M 2>&1; true");
        assertTrue(said.contains("No space left on device"), said);
        assertEquals(64 * MIB, Files.size(provision.state().resolve("fleets/wild/machines/fills/overlay.img")));
        assertEquals("ready", provision.state("fills"));
        assertNeighbourAnswers();
    }

    private void apply(String machines) {
        provision.write("machines.yaml", """
                version: 1
                fleet: wild
                defaults: { resources: { cpus: 1, memory: 128MiB } }
                machines:
                """ + machines);
        provision.run("apply", "--yes").exits(0);
    }

    private void inBackground(String machine, String script) {
        provision.exec(machine, "setsid", "sh", "-c", "(" + script + ") < /dev/null > /dev/null 2>&1 &");
    }

    private void assertNeighbourAnswers() {
        assertEquals("alive", provision.exec("calm", "echo", "alive"));
    }

    private void assertDies(String machine, String why) {
        Awaitility.await().atMost(Duration.ofMinutes(3)).until(() -> provision.state(machine).equals("dead"));
        String status = provision.run("status").exits(0).out();
        String line = status.lines().filter(row -> row.contains(machine)).findFirst().orElse("");
        assertTrue(line.contains(why), status);
    }

    /** It grows to its bound, never beyond, and is shorter afterwards. */
    private static void assertIsCut(Path log, long bound) {
        long[] last = new long[1];
        Awaitility.await()
                .atMost(Duration.ofMinutes(3))
                .pollInterval(Duration.ofMillis(50))
                .until(() -> {
                    long size = Files.size(log);
                    assertTrue(size <= bound + PART, () -> log + " has " + size + " bytes");
                    boolean shorter = size < last[0] && last[0] > bound / 4;
                    last[0] = size;
                    return shorter;
                });
    }

    /** Bytes of memory that the machine's VMM has, also when it does not answer; none when it has ended. */
    private long resident(String machine) {
        Optional<ProcessHandle> vmm = provision.vmm(machine);
        if (vmm.isEmpty()) {
            return 0;
        }
        try {
            String status = Files.readString(Path.of("/proc/" + vmm.get().pid() + "/status"));
            String line = status.lines().filter(row -> row.startsWith("VmRSS:")).findFirst().orElseThrow();
            return Long.parseLong(Objects.requireNonNull(line.replaceAll("[^0-9]", ""))) << 10;
        } catch (IOException e) {
            return 0; // its VMM is gone
        }
    }
}
