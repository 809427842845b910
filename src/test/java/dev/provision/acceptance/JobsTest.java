package dev.provision.acceptance;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import javax.xml.parsers.DocumentBuilderFactory;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Batch jobs on real machines: they queue for the pool, run once, end at their deadline, and are reported. */
class JobsTest {

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

    /** The pool has room for one of them at a time. */
    private void jobs(int code) {
        provision.write("machines.yaml", """
                version: 1
                fleet: batch
                host: { pool: { cpus: 1, memory: 128MiB } }
                defaults: { resources: { memory: 128MiB } }
                machines:
                  one: { run: { command: 'echo well', restart: never } }
                  two: { run: { command: 'echo code $CODE; exit $CODE', restart: never }, env: { CODE: "%d" } }
                  late: { run: { command: 'echo working; exec sleep 1000', restart: never, deadline: 2s } }
                """.formatted(code));
    }

    private Provision.Result applyAndWait() {
        return provision.run("apply", "--yes", "--wait=completed", "--report", "junit=jobs.xml");
    }

    /** What the report says of each machine: passed, or the message of its failure. */
    private Map<String, String> report() throws Exception {
        Element suites = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(folder.resolve("jobs.xml").toFile())
                .getDocumentElement();
        Map<String, String> verdicts = new TreeMap<>();
        NodeList cases = suites.getElementsByTagName("testcase");
        for (int i = 0; i < cases.getLength(); i++) {
            Element machine = (Element) cases.item(i);
            NodeList failures = machine.getElementsByTagName("failure");
            verdicts.put(machine.getAttribute("name"),
                    failures.getLength() == 0 ? "passed" : ((Element) failures.item(0)).getAttribute("message"));
        }
        return verdicts;
    }

    private static List<String> booted(String out) {
        return out.lines()
                .filter(line -> line.endsWith(": boot …"))
                .map(line -> line.substring(0, line.indexOf(':')))
                .sorted()
                .toList();
    }

    /** How many ran at the same time at most, as far as the lines tell. */
    private static int most(String out) {
        int running = 0;
        int most = 0;
        for (String line : out.lines().toList()) {
            running += line.endsWith(": boot …") ? 1 : line.matches("\\w+: job (ended|exceeded) .*") ? -1 : 0;
            most = Math.max(most, running);
        }
        return most;
    }

    @Test
    void queueRunOnceAndAreReported() throws Exception {
        jobs(3);
        String refused = provision.run("apply", "--yes", "--report", "junit=no/jobs.xml").exits(5).err();
        assertTrue(refused.contains("no/jobs.xml cannot be written: there is no such folder"), refused);
        assertEquals(List.of(), provision.storeFiles());

        String first = applyAndWait().exits(1).out();
        assertEquals(List.of("late", "one", "two"), booted(first), first);
        assertEquals(1, most(first), first);
        assertTrue(first.contains("failed  two: job ended with exit code 3\n          | code 3\n"), first);
        assertTrue(first.contains("failed  late: job exceeded its deadline of 2s\n          | working\n"), first);
        assertTrue(first.contains("fix: provision logs two"), first);
        assertEquals(Map.of("one", "passed", "two", "job ended with exit code 3", "late",
                "job exceeded its deadline of 2s"), report());
        assertTrue(Files.readString(folder.resolve("jobs.xml")).contains("<system-out>well\n</system-out>"));
        assertEquals(124, provision.status("late").path("exitCode").asInt());
        assertEquals("exceeded its deadline of 2s", provision.status("late").path("detail").asText());

        String second = applyAndWait().exits(1).out();
        assertEquals(List.of(), booted(second), second);
        assertEquals(Map.of("one", "passed", "two", "job ended with exit code 3", "late",
                "job exceeded its deadline of 2s"), report());
        provision.run("apply", "--yes").exits(0);

        jobs(0);
        String third = applyAndWait().exits(1).out();
        assertEquals(List.of("two"), booted(third), third);
        assertFalse(third.contains("failed  two"), third);
        assertEquals("passed", report().get("two"));
        assertEquals("code 3\ncode 0\n", provision.run("logs", "two").exits(0).out());
        assertEquals("code 3\n", provision.run("logs", "two", "--attempt", "1").exits(0).out());
        assertEquals("code 3\n", provision.run("logs", "two", "--previous").exits(0).out());
        assertEquals("code 0\n", provision.run("logs", "two", "--attempt", "2").exits(0).out());
        String none = provision.run("logs", "one", "--previous").exits(2).err();
        assertTrue(none.contains("there is output of: 1"), none);

        provision.run("restart", "one", "--wait=completed", "--report", "junit=jobs.xml").exits(0);
        assertEquals("passed", report().get("one"));
        assertEquals("well\n", provision.run("logs", "one", "--attempt", "2").exits(0).out());
    }

    @Test
    void attemptsOfAServiceAreToldApart() {
        provision.write("machines.yaml",
                """
                        version: 1
                        fleet: batch
                        defaults: { resources: { memory: 128MiB } }
                        machines:
                          a:
                            run:
                              command: 'echo x >>/root/n; n=$(wc -l </root/n); echo try $n; [ $n -lt 3 ] || exec sleep 1000000; exit 1'
                        """);
        provision.run("apply", "--yes").exits(0);
        Awaitility.await()
                .atMost(Duration.ofMinutes(2))
                .until(() -> provision.run("logs", "a").exits(0).out().equals("try 1\ntry 2\ntry 3\n"));
        assertEquals("try 1\n", provision.run("logs", "a", "--attempt", "1").exits(0).out());
        assertEquals("try 2\n", provision.run("logs", "a", "--previous").exits(0).out());
        assertEquals("try 3\n", provision.run("logs", "a", "--attempt", "3").exits(0).out());
    }
}
