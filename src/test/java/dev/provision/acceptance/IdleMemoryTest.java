package dev.provision.acceptance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What a guest does not use, or may not have any more, is the host's again: by the host's own accounting of the VMM. */
class IdleMemoryTest {

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

    private void apply(String memory) {
        provision.write("machines.yaml", """
                version: 1
                fleet: idle
                machines:
                  a: { resources: { memory: { limit: %s, max: 1536MiB }, shm: 64MiB, storage: 2GiB } }
                """.formatted(memory));
        provision.run("apply", "--yes").exits(0);
    }

    /** Pages of a hole are made in the guest, and stay in its cache, more than it has room for. */
    private void fillCache() {
        provision.exec("a", "sh", "-c", "truncate -s 1900M /data/hole; cat /data/hole > /dev/null");
    }

    /** MiB of the host's memory that the VMM has. */
    private static long resident(long pid) throws IOException {
        return Files.readAllLines(Path.of("/proc/" + pid + "/status"))
                .stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .map(line -> line.replaceAll("\\D", ""))
                .mapToLong(Long::parseLong)
                .findFirst()
                .orElseThrow() / 1024;
    }

    @Test
    void isGivenBackByTheBalloonAndByReportingFreePages() throws Exception {
        apply("1536MiB");
        long pid = provision.pid("a");
        fillCache();
        long full = resident(pid);
        assertTrue(full > 1200, full + " MiB");

        apply("512MiB");
        assertEquals(pid, provision.pid("a"));
        long shrunk = resident(pid);
        assertTrue(full - shrunk > 950, "a balloon of 1 GiB: " + full + " → " + shrunk + " MiB");

        apply("1536MiB");
        fillCache();
        long again = resident(pid);
        assertTrue(again > 1200, again + " MiB");
        provision.exec("a", "sh", "-c", "echo 3 > /proc/sys/vm/drop_caches");
        Awaitility.await()
                .atMost(Duration.ofMinutes(1))
                .untilAsserted(() -> assertTrue(again - resident(pid) > 950,
                        "free pages reported: " + again + " → " + resident(pid) + " MiB"));
    }
}
