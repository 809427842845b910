package dev.provision.acceptance;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What goes wrong is said, stays where it is, and is mended by the next apply. */
class FailuresTest {

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
    void bootThatIsNotReadyInTimeIsExplainedAndOthersGoOn() {
        provision.write("machines.yaml", """
                version: 1
                fleet: late
                defaults: { resources: { memory: 128MiB } }
                machines:
                  late: { ready: { timeout: 1s } }
                  dependent: { dependsOn: { late: ready } }
                  unrelated: {}
                """);
        Provision.Result apply = provision.run("apply", "--yes").exits(1);
        assertTrue(apply.out().contains("1 done, 1 failed, 1 skipped, 0 unknown"), apply.out());
        assertTrue(apply.out().contains("fix: "), apply.out());
        assertTrue(apply.out().contains("skipped dependent: `late` did not come up"), apply.out());
        assertEquals("ready", provision.state("unrelated"));
        provision.write("machines.yaml", """
                version: 1
                fleet: late
                defaults: { resources: { memory: 128MiB } }
                machines:
                  late: {}
                  dependent: { dependsOn: { late: ready } }
                  unrelated: {}
                """);
        provision.run("apply", "--yes").exits(0);
        assertEquals("ready", provision.state("dependent"));
    }

    @Test
    void hostPortInUseIsNamed() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            provision.write("machines.yaml", """
                    version: 1
                    fleet: ports
                    machines:
                      greedy: { resources: { memory: 128MiB }, ports: ["%d:80"] }
                    """.formatted(taken.getLocalPort()));
            Provision.Result apply = provision.run("apply", "--yes").exits(4);
            assertTrue(apply.err().contains(Integer.toString(taken.getLocalPort())), apply.err());
            assertEquals(0, provision.vmms().size());
        }
        provision.run("apply", "--yes").exits(0);
    }

    @Test
    void jobsQueueForThePoolAndTheirFailuresStopDependents() {
        provision.write("machines.yaml", """
                version: 1
                fleet: jobs
                host: { pool: { cpus: 1, memory: 128MiB } }
                defaults: { resources: { memory: 128MiB } }
                machines:
                  first: { run: { command: 'echo first', restart: never } }
                  second: { run: { command: 'exit 3', restart: never }, dependsOn: { first: completed } }
                  third: { run: { command: 'echo never', restart: never }, dependsOn: { second: completed } }
                """);
        Provision.Result apply = provision.run("apply", "--yes").exits(1);
        assertTrue(apply.out().contains("skipped third: job `second` ended with exit code 3"), apply.out());
        assertEquals("completed", provision.state("first"));
        assertEquals("failed", provision.state("second"));
        assertEquals("first\n", provision.run("logs", "first").exits(0).out());
        assertTrue(provision.run("plan").out().contains("1 to create; 2 unchanged"));
    }

    @Test
    void killedApplyIsContinuedByTheNext() throws Exception {
        provision.write("machines.yaml", """
                version: 1
                fleet: crash
                machines:
                  a: { resources: { memory: 128MiB, storage: 32MiB } }
                  b: { resources: { memory: 128MiB } }
                """);
        Process apply = provision.start(folder.resolve("o"), folder.resolve("e"), "apply", "--yes");
        Awaitility.await()
                .atMost(Duration.ofMinutes(2))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> !provision.vmms().isEmpty());
        apply.destroyForcibly().waitFor();
        assertFalse(provision.vmms().isEmpty(), "VMMs outlive the command");
        provision.run("apply", "--yes").exits(0);
        assertEquals(2, provision.vmms().size(), "no orphan, no double");
        assertEquals("ready", provision.state("a"));
        assertEquals("ready", provision.state("b"));
        provision.run("destroy", "--yes", "--storage").exits(0);
        assertEquals(0, provision.vmms().size());
    }

    @Test
    void damagedRecordIsSaidAndMended() throws IOException {
        provision.write("machines.yaml", """
                version: 1
                fleet: damaged
                machines:
                  a: { resources: { memory: 128MiB, overlay: 64MiB, storage: 32MiB } }
                """);
        provision.run("apply", "--yes").exits(0);
        provision.exec("a", "sh", "-c", "echo kept > /data/witness; sync");
        long pid = provision.pid("a");
        Files.writeString(provision.state().resolve("fleets/damaged/machines/a/machine.json"), "{ half a rec");
        removeCopies();
        Provision.Result plan = provision.run("plan").exits(0);
        assertTrue(plan.out().contains("recreate"), plan.out());
        provision.run("apply", "--yes").exits(4);
        assertEquals(pid, provision.vmms().getFirst().pid(), "nothing was touched");
        provision.run("apply", "--yes", "--allow=recreate").exits(0);
        assertEquals(1, provision.vmms().size(), "the VMM without a record is gone");
        assertNotEquals(pid, provision.pid("a"));
        assertEquals("kept", provision.exec("a", "cat", "/data/witness"));
        lostWhileDownIsNoNewMachine();
    }

    /** As after a runtime folder that was cleaned up: while there is a copy, a record is restored from it. */
    private void removeCopies() throws IOException {
        try (Stream<Path> files = Files.walk(provision.runtime())) {
            for (Path copy : files.filter(file -> file.endsWith("machine.json")).toList()) {
                Files.delete(copy);
            }
        }
    }

    /** What is on its overlay is not thrown away as if it had never been. */
    private void lostWhileDownIsNoNewMachine() throws IOException {
        provision.run("stop", "a").exits(0);
        Files.delete(provision.state().resolve("fleets/damaged/machines/a/machine.json"));
        String plan = provision.run("plan").exits(0).out();
        assertTrue(plan.contains("recreate") && plan.contains("it has run"), plan);
        provision.run("apply", "--yes").exits(4);
        assertTrue(provision.run("status").out().contains("broken"));
        provision.run("apply", "--yes", "--allow=recreate").exits(0);
        assertEquals("kept", provision.exec("a", "cat", "/data/witness"));
    }

    @Test
    void lostStorageIsRefusedNeverReplaced() throws IOException {
        provision.write("machines.yaml", """
                version: 1
                fleet: lost
                machines:
                  a: { resources: { memory: 128MiB, storage: 32MiB } }
                """);
        provision.run("apply", "--yes").exits(0);
        Files.delete(provision.state().resolve("fleets/lost/storage/a.img"));
        assertTrue(provision.run("plan").exits(4).err().contains("PRV-0309"));
        assertTrue(provision.run("restart", "a").exits(4).err().contains("still has it open"));
        assertEquals("ready", provision.state("a"), "the data can still be saved");
        provision.run("destroy", "--fleet", "lost", "--target", "a", "--storage", "--yes").exits(0);
        provision.run("apply", "--yes").exits(0);
    }

    @Test
    void commandsThatEndAtOnceAndThoseThatKeepEndingAreToldApart() {
        provision.write("machines.yaml", """
                version: 1
                fleet: ends
                defaults: { resources: { memory: 128MiB } }
                machines:
                  brief: { run: { command: "true" } }
                  looping: { run: { command: "(sleep 100000 &) ; exit 7" } }
                """);
        provision.run("apply", "--yes").exits(0);
        Awaitility.await().atMost(Duration.ofMinutes(3)).until(() -> provision.state("brief").equals("completed"));
        Awaitility.await()
                .atMost(Duration.ofMinutes(3))
                .until(() -> provision.run("status").out().contains("last exit code 7"));
        int left = Integer.parseInt(provision.exec("looping", "sh", "-c", "ps | grep -c '[s]leep 100000' || true"));
        assertTrue(left <= 1, () -> left + " sleeps: what an attempt left running ends with it");
        assertTrue(provision.run("plan").exits(0).out().contains("Nothing to do"));
    }
}
