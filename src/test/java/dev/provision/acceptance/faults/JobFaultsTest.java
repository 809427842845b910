package dev.provision.acceptance.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.provision.acceptance.Provision;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Batch jobs while something happens around them: each runs once for a spec, and none holds its share for ever. */
class JobFaultsTest {

    @TempDir
    private Path folder = Path.of("");

    private Provision provision = new Provision(folder);
    private @Nullable Process running;

    @BeforeEach
    void open() {
        provision = new Provision(folder);
    }

    @AfterEach
    void endAll() throws Exception {
        Process left = running;
        if (left != null) {
            left.descendants().forEach(ProcessHandle::destroyForcibly);
            left.destroyForcibly().waitFor();
        }
        provision.close();
    }

    private void jobs(String machines) {
        provision.write("machines.yaml", """
                version: 1
                fleet: jobfaults
                defaults: { resources: { memory: 128MiB } }
                machines:
                """ + machines.indent(2));
    }

    /** It counts on its storage how often it was begun, and prints that when it is done. */
    private void counted(String more, int seconds) {
        jobs("""
                job:
                  resources: { storage: 32MiB }
                  run: { command: 'echo x >>/data/runs; sleep %d; wc -l </data/runs', restart: never }
                """.formatted(seconds) + more.indent(2));
    }

    private Process start(String... arguments) throws IOException {
        Process started = provision.startBehind(List.of("setsid"), folder.resolve("o"), folder.resolve("e"),
                arguments);
        running = started;
        return started;
    }

    private String said() throws IOException {
        return Provision.textOf(folder.resolve("o")) + Provision.textOf(folder.resolve("e"));
    }

    private static void until(String what, Callable<Boolean> condition) {
        Awaitility.await(what)
                .atMost(Duration.ofMinutes(2))
                .pollInterval(Duration.ofMillis(100))
                .until(condition);
    }

    /** @param pid of a process, or negative of a group; not those that would be this test's own */
    private static void signal(long pid, String signal) throws Exception {
        assertTrue(pid > 1 || pid < -1, () -> "pid " + pid);
        assertEquals(0, new ProcessBuilder("kill", "-" + signal, "--", Long.toString(pid)).start().waitFor());
    }

    private String log(String machine) {
        return provision.run("logs", machine).exits(0).out().strip();
    }

    private static long boots(String out, String machine) {
        return out.lines().filter(line -> line.equals(machine + ": boot …")).count();
    }

    private void hasExceededAndStaysSo() {
        assertEquals("failed", provision.state("stopped"));
        assertEquals(124, provision.status("stopped").path("exitCode").asInt());
        assertEquals("exceeded its deadline of 15s, and its guest did not end it",
                provision.status("stopped").path("detail").asText());
        String plan = provision.run("plan").exits(0).out();
        assertTrue(plan.contains("Nothing to do"), plan);
        String again = provision.run("apply", "--yes", "--wait=completed").exits(1).out();
        assertTrue(again.contains("failed  stopped: job exceeded its deadline of 15s"), again);
        assertEquals(0, boots(again, "stopped"), again);
        assertEquals(List.of(), provision.vmms());
        // Copies of records stay until their machines go.
        assertEquals(List.of(),
                provision.socketFiles().stream().filter(file -> !file.contains("/records/")).toList());
    }

    /** Long enough to stop it before that, also on a busy host. */
    private static final int DEADLINE_SECONDS = 15;

    private static final String STOPPED = """
            stopped: { run: { command: 'exec sleep 1000', restart: never, deadline: 15s } }
            """;

    /** Without asking the command, which takes a second or two of the deadline. */
    private void stop() throws Exception {
        signal(provision.vmm("stopped").orElseThrow().pid(), "STOP");
    }

    /** One that is mute from its boot on, and one whose guest hangs when its command has ended. */
    @Test
    void whoseGuestDoesNotEndItIsEndedByTheHost() throws Exception {
        jobs(STOPPED + """
                hangs:
                  run:
                    command: 'printf "#!/bin/sh\\nexec sleep 100000\\n" >/usr/lib/provision/shutdown; exit 7'
                    restart: never
                """);
        Process apply = start("apply", "--yes", "--wait=completed");
        until("boot", () -> said().contains("stopped: done in"));
        long since = System.nanoTime();
        stop();
        assertTrue(apply.waitFor(2, TimeUnit.MINUTES), "it waits for ever");
        assertEquals(1, apply.exitValue(), said());
        assertTrue(System.nanoTime() - since > TimeUnit.SECONDS.toNanos(DEADLINE_SECONDS + 10),
                "its guest has had no time");
        assertTrue(said().contains("its guest did not end its command at the deadline, so its VMM was ended"), said());
        assertTrue(said().contains("failed  stopped: job exceeded its deadline of 15s"), said());
        assertTrue(said().contains("failed  hangs: job ended with exit code 7"), said());
        assertEquals(7, provision.status("hangs").path("exitCode").asInt());
        hasExceededAndStaysSo();
    }

    @Test
    void whomNobodyWaitsForIsEndedByTheNextApply() throws Exception {
        jobs(STOPPED);
        provision.run("apply", "--yes").exits(0);
        stop();
        until("the end of its time", () -> provision.status("stopped")
                .path("detail")
                .asText()
                .contains("its guest did not end its command at the deadline of 15s"));
        assertEquals("unresponsive", provision.state("stopped"));
        String plan = provision.run("plan").exits(0).out();
        assertTrue(plan.contains("1 to stop"), plan);
        provision.run("apply", "--yes").exits(0);
        hasExceededAndStaysSo();
    }

    @Test
    void runsOnceAlthoughTheCommandIsKilled() throws Exception {
        counted("count: 2\n", 10);
        Process apply = start("apply", "--yes", "--wait=completed");
        until("boot", () -> said().contains("job-0: done in") && said().contains("job-1: done in"));
        signal(-apply.pid(), "KILL");
        apply.waitFor();
        String next = provision.run("apply", "--yes", "--wait=completed").exits(0).out();
        assertEquals(0, boots(next, "job-0") + boots(next, "job-1"), next);
        assertEquals(List.of("1", "1"), List.of(log("job-0"), log("job-1")));
        assertEquals("completed", provision.state("job-0"));
        String plan = provision.run("plan").exits(0).out();
        assertTrue(plan.contains("Nothing to do"), plan);
    }

    /** It had not completed, so it is run again: from its beginning, with what it has left on its storage. */
    @Test
    void runsAgainAfterARebootOfTheHostThatCutItShort() throws Exception {
        jobs("""
                job:
                  resources: { storage: 32MiB }
                  run:
                    command: |
                      echo x >>/data/runs
                      [ $(wc -l </data/runs) -gt 1 ] || sleep 100000
                      wc -l </data/runs
                    restart: never
                """);
        provision.run("apply", "--yes").exits(0);
        until("its first line", () -> provision.exec("job", "cat", "/data/runs").equals("x"));
        provision.exec("job", "sync");
        provision.close();
        assertEquals(0, new ProcessBuilder("rm", "-r", provision.runtime().toString()).start().waitFor());
        assertEquals("dead", provision.state("job"));
        String plan = provision.run("plan").exits(0).out();
        assertTrue(plan.contains("1 to start"), plan);
        provision.run("apply", "--yes", "--wait=completed").exits(0);
        assertEquals("2", log("job"));
        assertEquals("completed", provision.state("job"));
    }

    @Test
    void underAWatchItsEndIsNoCrash() throws Exception {
        counted("", 3);
        Process watch = start("apply", "--watch", "--yes", "--interval=1s");
        until("boot", () -> said().contains("job: done in"));
        until("its end", () -> provision.state("job").equals("completed"));
        Thread.sleep(4_000); // some looks more
        assertEquals(1, boots(said(), "job"), said());
        assertFalse(said().contains("degraded") || said().contains("started again"), said());
        counted("env: { EDITED: \"yes\" }\n", 3);
        until("the run of the edit", () -> boots(said(), "job") == 2);
        until("its end", () -> provision.state("job").equals("completed") && log("job").endsWith("2"));
        assertFalse(said().contains("degraded"), said());
        assertEquals("1\n2", log("job"));
        signal(watch.pid(), "TERM");
        assertTrue(watch.waitFor(2, TimeUnit.MINUTES));
        assertEquals(0, watch.exitValue(), said());
    }

    @Test
    void aReportIsWrittenWhenTheWaitIsInterrupted() throws Exception {
        counted("", 1000);
        Process apply = start("apply", "--yes", "--wait=completed", "--report", "junit=jobs.xml");
        until("the wait", () -> said().contains("for its job to end"));
        signal(apply.pid(), "INT");
        assertTrue(apply.waitFor(1, TimeUnit.MINUTES));
        assertEquals(130, apply.exitValue(), said());
        String report = Files.readString(folder.resolve("jobs.xml"));
        assertTrue(report.contains("<testcase") && report.contains("the wait for its job, which goes on"), report);
        assertFalse(report.contains("<failure"), report);
        assertEquals(1, provision.vmms().size(), "the job goes on");
    }
}
