package dev.provision.acceptance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** A machine with a probe is ready when that says so, and not before. */
class ProbesTest {

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

    private void machine(String keys) {
        provision.write("machines.yaml", """
                version: 1
                fleet: probes
                defaults: { resources: { memory: 128MiB } }
                machines:
                  a: { %s }
                """.formatted(keys));
    }

    @Test
    void servicesAreReadyWhenTheyServe() {
        provision.write("machines.yaml",
                """
                        version: 1
                        fleet: probes
                        defaults: { resources: { memory: 128MiB } }
                        machines:
                          tcp:
                            run: { command: 'sleep 4; exec nc -ll -p 5432 -e echo served' }
                            ready: { tcp: 5432 }
                          http:
                            run: { command: 'mkdir /www; (sleep 4; echo fine > /www/health) & exec httpd -f -p 10.0.2.15:8080 -h /www' }
                            ready: { http: 8080/health }
                          exec:
                            env: { FLAG: /root/flag }
                            run: { command: 'sleep 4; touch $FLAG; exec sleep 100000' }
                            ready: { exec: 'test -e $FLAG' }
                          agent:
                            run: { command: 'sleep 4; touch /root/flag; exec sleep 100000' }
                            ready: { agent: true }
                          after: { dependsOn: { tcp: ready, http: ready, exec: ready } }
                        """);
        String apply = provision.run("apply", "--yes").exits(0).out();
        assertEquals("served", provision.exec("tcp", "nc", "127.0.0.1", "5432"));
        assertEquals("fine", provision.exec("http", "wget", "-q", "-O", "-", "http://10.0.2.15:8080/health"));
        provision.exec("exec", "test", "-e", "/root/flag");
        for (String probed : new String[]{"tcp", "http", "exec"}) {
            assertTrue(apply.indexOf(probed + ": done") < apply.indexOf("after: boot"), apply);
            assertEquals("ready", provision.state(probed));
        }
        assertTrue(apply.contains("tcp: waits for `tcp 5432` to succeed"), apply);
        assertFalse(apply.contains("agent: waits for `"), apply);
        assertTrue(provision.run("plan").exits(0).out().contains("Nothing to do"));
    }

    /** Has the machine of the manifest booted without being ready: what a probe says then does not depend on the boot. */
    private void bootOnly(String run) throws Exception {
        machine("run: { command: '" + run + "' }, ready: { tcp: 9, timeout: 1s }");
        provision.run("apply", "--yes").exits(1);
        Awaitility.await().atMost(Duration.ofMinutes(2)).until(() -> report().contains("ready cpus="));
    }

    private String report() throws IOException {
        return Files.readString(provision.state().resolve("fleets/probes/machines/a/report.log"));
    }

    private String failure(String run, String probe) {
        machine("run: { command: '" + run + "' }, ready: { " + probe + " }");
        String out = provision.run("apply", "--yes").exits(1).out();
        assertTrue(out.contains("fix: "), out);
        return out.lines().filter(line -> line.startsWith("a: failed: ")).findFirst().orElseThrow();
    }

    @Test
    void whatNeverSucceedsIsExplained() throws Exception {
        String run = "httpd -h /etc; nc -ll -p 79 -e echo hello & exec sleep 1000000";
        bootOnly(run);
        Map.of("tcp: 81", "`tcp 81` did not succeed within 3 s: nothing accepts connections on port 81 (attempt ",
                "http: 80/x",
                "`http 80/x` did not succeed within 3 s: GET /x on port 80 is answered by 404 Not Found (",
                "http: 81", "`http 81/` did not succeed within 3 s: nothing accepts connections on port 81 (attempt ",
                "http: 79", "`http 79/` did not succeed within 3 s: what answers on port 79 does not speak HTTP (",
                "exec: 'echo why >&2; exit 3'", "did not succeed within 3 s: exit code 3: why (attempt ",
                "exec: [no-such-program]", "did not succeed within 3 s: exit code 127: ",
                "exec: 'sleep 100000 & sleep 100000'",
                "did not succeed within 3 s: exit code 124: it took longer than ")
                .forEach((probe, expected) -> {
                    String failure = failure(run, probe + ", timeout: 3s");
                    assertTrue(failure.contains(expected), () -> failure + "\nexpected: " + expected);
                });
        assertEquals("0", provision.exec("a", "sh", "-c", "ps | grep -c '[s]leep 100000$' || true"),
                "a command that hangs is ended with all it has started");
        assertEquals("booting", provision.state("a"));
    }

    @Test
    void aCommandThatKeepsEndingIsNamedAsTheLikelyReason() throws Exception {
        String run = "echo crashed; exit 9";
        bootOnly(run);
        Awaitility.await().atMost(Duration.ofMinutes(2)).until(() -> report().contains("exited attempt=2"));
        assertTrue(failure(run, "tcp: 80, timeout: 1s").contains(" times, last exit code 9"));
    }

    @Test
    void aMachineThatEndsBeforeItIsReadyHasNotComeUp() {
        String failure = failure("exit 0", "tcp: 80");
        assertTrue(failure.contains("its command ended with exit code 0, and its machine with it, before its probe"
                + " `tcp 80` succeeded"), failure);
    }

    @Test
    void aMistakenProbeIsCorrectedWithoutARestart() {
        machine("run: { command: [nc, -ll, -p, '80', -e, 'true'] }, ready: { tcp: 81, timeout: 5s }");
        provision.run("apply", "--yes").exits(1);
        String status = provision.run("status").exits(0).out();
        assertTrue(status.contains("booting (`tcp 81` has not succeeded yet)"), status);
        long pid = provision.pid("a");
        machine("run: { command: [nc, -ll, -p, '80', -e, 'true'] }, ready: { tcp: 80, timeout: 1m }");
        assertTrue(provision.run("plan").exits(0).out().contains("the guest is not ready"));
        provision.run("apply", "--yes").exits(0);
        assertEquals("ready", provision.state("a"));
        assertEquals(pid, provision.pid("a"));
        assertTrue(provision.run("plan").exits(0).out().contains("Nothing to do"));
    }

    @Test
    void aVmmThatWasNeverSeenReadyIsAskedAgain() throws Exception {
        machine("run: { command: 'sleep 8; exec nc -ll -p 80 -e true' }, ready: { tcp: 80 }");
        Path out = folder.resolve("o");
        Process apply = provision.start(out, folder.resolve("e"), "apply", "--yes");
        Awaitility.await()
                .atMost(Duration.ofMinutes(2))
                .until(() -> Provision.textOf(out)
                        .contains("waits for `tcp 80`"));
        apply.destroyForcibly().waitFor();
        assertEquals("booting", provision.state("a"), "the guest is up, its service is not");
        long pid = provision.pid("a");
        provision.run("apply", "--yes").exits(0);
        assertEquals("ready", provision.state("a"));
        assertEquals(pid, provision.pid("a"), "adopted");
        provision.exec("a", "nc", "127.0.0.1", "80");
        provision.run("restart", "a").exits(0);
        provision.exec("a", "nc", "127.0.0.1", "80");
    }
}
