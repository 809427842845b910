package dev.provision.acceptance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** A fleet whose file is edited: each edit changes exactly what it says, and the guest sees it. The tests build on each other. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ChangesTest {

    @TempDir
    private static Path folder = Path.of("");

    private Provision provision = new Provision(folder);

    @BeforeAll
    void open() {
        provision = new Provision(folder);
    }

    @AfterAll
    void endVmms() {
        provision.close();
    }

    /** A machine that can grow, and two of another kind. */
    private void manifest(String cpus, String memory, String environment, int count) {
        provision.write("machines.yaml", """
                version: 1
                fleet: changes
                machines:
                  elastic:
                    resources: { cpus: { limit: %s, max: 2 }, memory: { limit: %s, max: 384MiB }, storage: 64MiB }
                    env: { COLOUR: %s }
                    run: { command: 'echo "$COLOUR $(hostname)" >> /data/boots; exec sleep 1000000' }
                  small:
                    count: %d
                    resources: { memory: 128MiB }
                """.formatted(cpus, memory, environment, count));
    }

    private String apply() {
        return provision.run("apply", "--yes").exits(0).out();
    }

    @Test
    @Order(1)
    void boots() {
        manifest("1", "256MiB", "red", 2);
        assertTrue(apply().contains("3 done"));
        assertEquals(1, provision.guestCpus("elastic"));
        GuestMemory.assertAgrees(256, 384, provision.guestMemoryMib("elastic"));
    }

    @Test
    @Order(2)
    void memoryGoesDownAndUpLive() {
        long pid = provision.pid("elastic");
        manifest("1", "160MiB", "red", 2);
        String down = apply();
        assertTrue(down.contains("memory.limit 256 MiB → 160 MiB: live"), down);
        GuestMemory.assertAgrees(160, 384, provision.guestMemoryMib("elastic"));
        manifest("1", "384MiB", "red", 2);
        assertTrue(apply().contains("Plan: 1 to change live; 2 unchanged."));
        GuestMemory.assertAgrees(384, provision.guestMemoryMib("elastic"));
        assertEquals(pid, provision.pid("elastic"));
        assertTrue(apply().contains("Nothing to do"));
    }

    @Test
    @Order(3)
    void vcpusGoUpAndDownLive() {
        long pid = provision.pid("elastic");
        manifest("2", "384MiB", "red", 2);
        String up = apply();
        assertTrue(up.contains("cpus.limit 1 → 2: live"), up);
        assertEquals(2, provision.guestCpus("elastic"));
        manifest("1", "384MiB", "red", 2);
        apply();
        assertEquals(1, provision.guestCpus("elastic"));
        assertEquals(pid, provision.pid("elastic"));
    }

    @Test
    @Order(4)
    void beyondTheBootedMaximumIsARestartAnnouncedBefore() {
        long pid = provision.pid("elastic");
        provision.write("machines.yaml", """
                version: 1
                fleet: changes
                machines:
                  elastic:
                    resources: { cpus: { limit: 1, max: 2 }, memory: { limit: 448MiB }, storage: 64MiB }
                    env: { COLOUR: red }
                    run: { command: 'echo "$COLOUR $(hostname)" >> /data/boots; exec sleep 1000000' }
                  small:
                    count: 2
                    resources: { memory: 128MiB }
                """);
        String plan = provision.run("plan").exits(0).out();
        assertTrue(plan.contains(
                "memory.limit 384 MiB → 448 MiB: restart (the balloon cannot exceed boot memory: booted with memory.max"
                        + " 384 MiB; set memory.max above 448 MiB to make the next one live)"),
                plan);
        assertEquals(pid, provision.pid("elastic"), "a plan changes nothing");
        apply();
        assertNotEquals(pid, provision.pid("elastic"));
        GuestMemory.assertAgrees(448, provision.guestMemoryMib("elastic"));
        assertEquals("red elastic\nred elastic", provision.exec("elastic", "cat", "/data/boots"),
                "storage survives the restart");
    }

    @Test
    @Order(5)
    void environmentIsARestartOfThatMachineOnly() {
        long small = provision.pid("small-0");
        manifest("1", "256MiB", "blue", 2);
        String out = apply();
        assertTrue(out.contains("env.COLOUR \"red\" → \"blue\": restart"), out);
        assertTrue(provision.exec("elastic", "cat", "/data/boots").endsWith("blue elastic"));
        assertEquals(small, provision.pid("small-0"));
    }

    @Test
    @Order(6)
    void countAndRemovalChangeExactlyThat() {
        List<Long> others = List.of(provision.pid("elastic"), provision.pid("small-0"));
        manifest("1", "256MiB", "blue", 1);
        assertTrue(provision.run("apply", "--yes").exits(4).err().contains("to destroy `small-1` is not allowed here"));
        assertEquals(12, provision.run("plan", "--detailed-exitcode").exitCode());
        String left = provision.run("apply", "--yes", "--no-prune").exits(0).out();
        assertTrue(left.contains("1 machine is out of scope; 2 as wanted."), left);
        assertEquals(3, provision.vmms().size());
        String out = provision.run("apply", "--yes", "--prune").exits(0).out();
        assertTrue(out.contains("Plan: 1 to destroy; 2 unchanged."), out);
        assertEquals(2, provision.vmms().size());
        assertEquals(others, List.of(provision.pid("elastic"), provision.pid("small-0")));
    }

    @Test
    @Order(7)
    void killedVmmIsSeenAndRepaired() {
        ProcessHandle vmm = ProcessHandle.of(provision.pid("elastic")).orElseThrow();
        vmm.destroyForcibly();
        vmm.onExit().join();
        String plan = provision.run("plan").exits(0).out();
        assertTrue(plan.contains("elastic  start     dead: "), plan);
        assertTrue(plan.contains("Plan: 1 to start; 1 unchanged."), plan);
        assertEquals("dead", provision.state("elastic"));
        apply();
        assertEquals("ready", provision.state("elastic"));
        assertTrue(provision.exec("elastic", "cat", "/data/boots").endsWith("blue elastic"),
                "storage survives a killed VMM");
    }

    @Test
    @Order(8)
    void stopStartRestart() throws IOException {
        String argv = Files.readString(Path.of("/proc/" + provision.pid("small-0") + "/cmdline"))
                .replace('\0', ' ')
                .strip();
        assertEquals(argv,
                provision.run("console", "--print-command", "small-0").exits(0).out().replace("'", "").strip());
        provision.run("stop", "small-0").exits(0);
        assertEquals(argv,
                provision.run("console", "--print-command", "small-0").exits(0).out().replace("'", "").strip(),
                "as it would be started");
        assertEquals("stopped", provision.state("small-0"));
        assertEquals(Optional.of("Nothing to do."),
                provision.run("stop", "small-0").exits(0).out().lines().findFirst());
        provision.run("start", "small-0").exits(0);
        long pid = provision.pid("small-0");
        assertEquals("ready", provision.state("small-0"));
        provision.run("restart", "small-0").exits(0);
        assertNotEquals(pid, provision.pid("small-0"));
        assertTrue(apply().contains("Nothing to do"));
    }

    @Test
    @Order(9)
    void execSpeaksTheGuestsExitCodesAndStreams() {
        assertEquals(7, provision.run("exec", "small-0", "--", "sh", "-c", "exit 7").exitCode());
        assertEquals(127, provision.run("exec", "small-0", "--", "no-such-program").exitCode());
        Provision.Result streams = provision
                .runWith("hello", "exec", "-i", "small-0", "--", "sh", "-c", "cat; echo oops >&2")
                .exits(0);
        assertEquals("hello", streams.out());
        assertEquals("oops", streams.err().strip());
        Provision.Result large = provision.run("exec", "small-0", "--", "head", "-c", "8000000", "/dev/zero").exits(0);
        assertEquals(2 << 20, large.out().length(), "what is beyond the limit is dropped in the guest");
        assertTrue(large.err().contains("first 2 MiB"), large.err());
        assertEquals("ready", provision.state("small-0"), "and the guest lives");
        assertTrue(provision.run("exec", "smal-0", "--", "true").exits(2).err().contains("did you mean `small-0`?"));
        provision.run("stop", "small-0").exits(0);
        assertEquals(125, provision.run("exec", "small-0", "--", "true").exitCode());
    }
}
