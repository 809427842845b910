package dev.provision.acceptance;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import com.fasterxml.jackson.databind.JsonNode;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** {@code apply --watch} on real microVMs: what happens to them is put right, by itself. */
class WatchedFleetTest {

    private static final String GOOD = """
            version: 1
            fleet: watched
            machines:
              a: { resources: { memory: 128MiB } }
            """;

    @TempDir
    private Path folder = Path.of("");

    private Provision provision = new Provision(folder);
    private @Nullable Process watch;
    private @Nullable Process events;

    @BeforeEach
    void open() {
        provision = new Provision(folder);
    }

    @AfterEach
    void endAll() throws Exception {
        for (Process process : new @Nullable Process[]{watch, events}) {
            if (process != null) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly().waitFor();
            }
        }
        provision.close();
    }

    private Process watch(String... more) throws IOException {
        String[] arguments = new String[more.length + 3];
        System.arraycopy(new String[]{"apply", "--watch", "--yes"}, 0, arguments, 0, 3);
        System.arraycopy(more, 0, arguments, 3, more.length);
        Process started = provision.start(folder.resolve("o"), folder.resolve("e"), arguments);
        watch = started;
        return started;
    }

    private String said() throws IOException {
        return Provision.textOf(folder.resolve("o")) + Provision.textOf(folder.resolve("e"));
    }

    private void until(String what, Callable<Boolean> condition) {
        Awaitility.await(what)
                .atMost(Duration.ofMinutes(3))
                .pollInterval(Duration.ofMillis(100))
                .until(condition);
    }

    private void untilSaid(String what) {
        until(what, () -> said().contains(what));
    }

    private JsonNode fleet() {
        return provision.json("status", "-o", "json").path("fleets").path(0);
    }

    private String figures() throws Exception {
        Matcher where = Pattern.compile("figures: (\\S+)").matcher(said());
        assertTrue(where.find(), said());
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(HttpRequest.newBuilder(URI.create(where.group(1))).build(),
                    HttpResponse.BodyHandlers.ofString()).body();
        }
    }

    private static void signal(Process process, String signal) throws Exception {
        assertEquals(0, new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid())).start().waitFor());
    }

    private static int count(String text, String what) {
        return text.split(Pattern.quote(what), -1).length - 1;
    }

    /** Ends the machine's VMM and waits until another one is ready. */
    private void killAndWait(int recoveries) throws Exception {
        long pid = provision.pid("a");
        ProcessHandle.of(pid).orElseThrow().destroyForcibly();
        until("recovery " + recoveries, () -> count(said(), "a: done in ") == recoveries + 1);
        assertNotEquals(pid, provision.pid("a"));
    }

    @Test
    void whatEndsIsStartedAgainAndWhatIsEditedConverges() throws Exception {
        provision.write("machines.yaml", GOOD);
        Process running = watch("--metrics=127.0.0.1:0");
        events = provision.start(folder.resolve("events"), folder.resolve("events.err"), "events", "-f");
        untilSaid("settled, 1 running");
        assertEquals("settled", fleet().path("watch").path("state").asText());
        assertEquals("provision apply --watch --yes --metrics=127.0.0.1:0",
                fleet().path("watch").path("command").asText());

        Provision.Result second = provision.run("apply", "--yes").exits(1);
        assertTrue(second.err().contains("provision apply --watch --yes"), second.err());

        killAndWait(1);
        killAndWait(2);
        assertTrue(said().contains("it is started again in 1 s"), said());
        assertTrue(said().contains("degraded"), said());

        provision.write("machines.yaml", GOOD.replace("128MiB }", "128MiB }, labels: { tier: front }"));
        until("the label", () -> provision.status("a").path("labels").path("tier").asText().equals("front"));

        provision.write("machines.yaml", GOOD.replace("128MiB", "lots"));
        untilSaid("the manifest is wrong; the last good one stays in force");
        until("status", () -> fleet().path("watch").path("state").asText().equals("degraded"));
        killAndWait(4); // the edit was the third
        provision.write("machines.yaml", GOOD);
        signal(running, "HUP");
        until("status", () -> fleet().path("watch").path("state").asText().equals("settled"));

        String figures = figures();
        assertTrue(figures.contains("\nprovision_settled 1.0\n"), figures);
        assertTrue(figures.contains("\nprovision_restarts_total{machine=\"a\"} 3.0\n"), figures);
        assertTrue(figures.contains("\nprovision_recovery_seconds_count 3\n"), figures);
        assertTrue(figures.contains("\nprovision_machines{state=\"ready\"} 1.0\n"), figures);
        assertTrue(figures.endsWith("# EOF\n"), figures);

        signal(running, "TERM");
        assertTrue(running.waitFor(2, TimeUnit.MINUTES), "it does not end");
        assertEquals(0, running.exitValue(), said());
        assertEquals(1, provision.vmms().size(), "machines go on");
        assertTrue(fleet().path("watch").isMissingNode());
        until("events", () -> Provision.textOf(folder.resolve("events")).contains("the command has ended"));
        String seen = Provision.textOf(folder.resolve("events"));
        for (String event : new String[]{"settled, 1 running", "degraded: ", "a: boot done in",
            "it is started again"}) {
            assertTrue(seen.contains(event), () -> event + " is not in\n" + seen);
        }
    }

    @Test
    void whoseTimeIsOverGoesAndStaysAway() throws Exception {
        provision.write("machines.yaml", GOOD.replace("128MiB }", "128MiB, storage: 64MiB }, ttl: 15s"));
        Process first = watch("--interval=1h");
        untilSaid("settled, 1 running");
        untilSaid("expired at ");
        until("the end of it", () -> provision.vmms().isEmpty() && count(said(), "settled, 0 running") == 1);
        assertTrue(provision.run("status").exits(0).out().contains("expired"));
        assertTrue(fleet().path("expired").has("a"));
        assertTrue(fleet().path("storageKept").has("a"), "its storage is kept");
        signal(first, "TERM");
        assertTrue(first.waitFor(2, TimeUnit.MINUTES));

        watch("--interval=1h");
        untilSaid("settled, 0 running");
        assertTrue(provision.vmms().isEmpty(), "also over a restart of the watch");
        provision.write("machines.yaml", GOOD.replace("128MiB }", "128MiB, storage: 64MiB }, ttl: 1h"));
        untilSaid("settled, 1 running");
        assertEquals(1, provision.vmms().size());
        assertFalse(fleet().has("expired"));
    }

    /** Who waits for the job waits with the watch, and nobody else does. */
    @Test
    void aJobThatTakesLongKeepsNobodyFromBeingHealed() throws Exception {
        provision.write("machines.yaml",
                """
                        version: 1
                        fleet: watched
                        defaults: { resources: { memory: 128MiB } }
                        machines:
                          a: {}
                          j: { run: { command: [sh, -c, "until [ -e /tmp/enough ]; do sleep 1; done; exit 3"], restart: never } }
                          b: { dependsOn: { j: completed } }
                          c: { dependsOn: { j: started } }
                        """);
        Process running = watch("--interval=1h", "--metrics=unix:" + folder.resolve("figures"));
        untilSaid("for j to be completed");
        untilSaid("a: done in ");
        untilSaid("c: done in ");
        long pid = provision.pid("a");
        ProcessHandle.of(pid).orElseThrow().destroyForcibly();
        until("recovery", () -> provision.state("a").equals("ready") && provision.pid("a") != pid);
        assertEquals("ready", provision.state("j"), "it runs on");
        assertFalse(said().contains("settled"), "b is not there yet");
        provision.exec("j", "touch", "/tmp/enough");
        until("the end", () -> fleet().path("watch").path("state").asText().equals("degraded"));
        assertTrue(said().contains("j: its job ended with exit code 3"), said());
        signal(running, "TERM");
        assertTrue(running.waitFor(2, TimeUnit.MINUTES));
        assertEquals(0, running.exitValue());
    }
}
