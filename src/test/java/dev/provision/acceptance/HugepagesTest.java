package dev.provision.acceptance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Guest memory in huge pages, by the host's own count of them. The host has as many afterwards as it had before. */
class HugepagesTest {

    private static final Path POOL = Path.of("/sys/kernel/mm/hugepages/hugepages-2048kB");
    private static final Path NUMBER = POOL.resolve("nr_hugepages");

    /** Of 160 MiB. */
    private static final int PAGES = 80;

    @TempDir
    private Path folder = Path.of("");

    private Provision provision = new Provision(folder);
    private long before;

    @BeforeEach
    void open() throws IOException {
        Assumptions.assumeTrue(Files.exists(NUMBER), "this kernel has no huge pages of 2 MiB");
        before = read("nr_hugepages");
        provision = new Provision(folder);
    }

    @AfterEach
    void endVmmsAndGiveBack() throws IOException {
        try {
            provision.close();
        } finally {
            if (Files.exists(NUMBER) && read("nr_hugepages") != before) {
                Files.writeString(NUMBER, Long.toString(before));
            }
        }
    }

    private static long read(String file) throws IOException {
        return Long.parseLong(Files.readString(POOL.resolve(file)).strip());
    }

    private static long free() throws IOException {
        return read("free_hugepages") - read("resv_hugepages");
    }

    /** Sets so many aside beside those that are used, where this user may and the host's memory is not too much in pieces. */
    private static void setAside(long pages) throws IOException {
        Assumptions.assumeTrue(Files.isWritable(NUMBER), "this user cannot set huge pages aside");
        long number = read("nr_hugepages") - free() + pages;
        try {
            Files.writeString(NUMBER, Long.toString(number));
        } catch (IOException refused) {
            Assumptions.abort("huge pages cannot be set aside here: " + refused.getMessage());
        }
        Assumptions.assumeTrue(free() == pages, "this host's memory is too much in pieces");
    }

    private void write(String memory, String more) {
        provision.write("machines.yaml", """
                version: 1
                fleet: paged
                machines:
                  a:
                    resources: { memory: { limit: 160MiB, hugepages: %s }%s }
                """.formatted(memory, more));
    }

    @Test
    void takesJustItsPagesAndGivesThemBack() throws Exception {
        setAside(PAGES + 8);
        write("2MiB", "");
        provision.run("apply", "--yes").exits(0);
        assertEquals(8, free(), "160 MiB");
        assertEquals("160 MiB", pagesOf(provision.pid("a")));
        int total = provision.guestMemoryMib("a");
        assertTrue(total > 100 && total <= 160, total + " MiB");
        // In tmpfs and given back at once: no page of the guest goes away.
        provision.exec("a", "sh", "-c", "head -c 40m /dev/zero > /dev/shm/x; rm /dev/shm/x");
        assertEquals(8, free());

        assertTrue(provision.run("plan").exits(0).out().contains("Nothing to do"));
        write("true", ", cpus: { limit: 1, max: 2, hotplug: true }");
        assertTrue(provision.run("plan").out().contains("memory.hugepages 2MiB → true: restart"));
        provision.run("apply", "--yes").exits(0);
        assertEquals(8, free(), "it has its own pages again, on q35 too");

        provision.run("destroy", "--yes").exits(0);
        assertEquals(PAGES + 8, free());
    }

    @Test
    void aHostWithTooFewRefusesBeforeAnythingIsTouched() throws Exception {
        if (free() >= PAGES) {
            setAside(PAGES - 1);
        }
        long missing = PAGES - free();
        write("2MiB", "");
        String said = provision.run("apply", "--yes").err();
        assertTrue(said.contains("PRV-0316") && said.contains("need 80 huge pages of 2 MiB")
                && said.contains(": " + missing + " are missing")
                && said.contains("vm.nr_hugepages=" + (read("nr_hugepages") + missing)), said);
        assertEquals(0, provision.vmms().size());
    }

    /** {@code HugetlbPages} of proc_pid_status(5). */
    private static String pagesOf(long pid) throws IOException {
        return Files.readAllLines(Path.of("/proc/" + pid + "/status"))
                .stream()
                .filter(line -> line.startsWith("HugetlbPages:"))
                .map(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024 + " MiB")
                .findFirst()
                .orElse("none");
    }
}
