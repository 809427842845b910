package dev.provision.acceptance;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Runs that are interrupted, killed, or come in each other's way end in a ledger that is true, or are told by the next one. */
class InterruptedRunsTest {

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

    private Process applyOfTwo() throws Exception {
        provision.write("machines.yaml", """
                version: 1
                fleet: interrupted
                machines:
                  a: { resources: { memory: 128MiB }, ready: { exec: [sleep, "5"], timeout: 3m } }
                  b: { resources: { memory: 128MiB }, dependsOn: { a: ready } }
                """);
        Process apply = provision.start(folder.resolve("o"), folder.resolve("e"), "apply", "--yes");
        Awaitility.await()
                .atMost(Duration.ofMinutes(2))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> !provision.vmms().isEmpty());
        return apply;
    }

    private static void signal(Process process, String signal) throws Exception {
        assertEquals(0, new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid())).start().waitFor());
    }

    private void endsBy(Process apply, int exitCode, String counts) throws Exception {
        assertTrue(apply.waitFor(3, TimeUnit.MINUTES));
        String out = Files.readString(folder.resolve("o"));
        assertEquals(exitCode, apply.exitValue(), out);
        assertTrue(out.contains(counts), out);
        assertTrue(out.contains("Go on from here: provision apply --yes"), out);
    }

    @Test
    void firstInterruptFinishesWhatHasBegun() throws Exception {
        Process apply = applyOfTwo();
        signal(apply, "INT");
        endsBy(apply, 130, "1 done, 0 failed, 1 skipped, 0 unknown");
        assertEquals(1, provision.vmms().size());
        provision.run("apply", "--yes").exits(0);
        assertEquals(2, provision.vmms().size());
    }

    @Test
    void secondInterruptStopsAtOnce() throws Exception {
        Process apply = applyOfTwo();
        signal(apply, "TERM");
        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .until(() -> Provision.textOf(folder.resolve("e"))
                        .contains("once more stops at once"));
        Thread.sleep(700); // what comes within half a second is the same word by another way
        signal(apply, "INT");
        endsBy(apply, 143, "0 done, 0 failed, 1 skipped, 1 unknown");
        provision.run("apply", "--yes").exits(0);
        assertEquals(2, provision.vmms().size());
    }

    @Test
    void applyThatWasKilledIsToldByTheNextOne() throws Exception {
        Process apply = applyOfTwo();
        signal(apply, "KILL");
        apply.waitFor();
        String next = provision.run("apply", "--yes").exits(0).out();
        assertTrue(next.contains("was cut short during boot of a"), next);
        assertEquals(2, provision.vmms().size());
        String events = provision.run("events").exits(0).out();
        assertTrue(events.contains("a: boot …") && events.contains("2 done, 0 failed"), events);
        assertFalse(provision.run("apply", "--yes").exits(0).out().contains("cut short"));
    }

    @Test
    void secondApplyAtTheSameTimeSaysWhoIsAtIt() throws Exception {
        provision.write("machines.yaml", """
                version: 1
                fleet: busy
                machines:
                  a: { resources: { memory: 128MiB }, ready: { exec: [sleep, "10"], timeout: 3m } }
                """);
        Process first = provision.start(folder.resolve("o"), folder.resolve("e"), "apply", "--yes");
        Awaitility.await()
                .atMost(Duration.ofMinutes(2))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> !provision.vmms().isEmpty());
        Provision.Result second = provision.run("apply", "--yes").exits(1);
        assertTrue(second.err().contains("provision apply --yes"), second.err());
        Provision.Result patient = provision.run("apply", "--yes", "--lock-timeout=5m").exits(0);
        assertTrue(patient.out().contains("waiting: "), patient.out());
        assertTrue(first.waitFor(3, TimeUnit.MINUTES));
        assertEquals(0, first.exitValue());
    }
}
