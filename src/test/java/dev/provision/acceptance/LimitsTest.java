package dev.provision.acceptance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** What the host holds VMMs to, by the host's own accounting. Needs a host where control groups can be made, as root can. */
class LimitsTest {

    /** Of ten seconds each. */
    private static final int WINDOWS = 6;

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

    private void manifest(String resources, String run) {
        provision.write("machines.yaml", """
                version: 1
                fleet: limits
                machines:
                  a: { resources: %s, run: { command: '%s' }, ready: { timeout: 3m } }
                """.formatted(resources, run));
    }

    private String plan() {
        return provision.run("plan").exits(0).out();
    }

    @Test
    void aFractionOfACpuBindsAndChangesLive() throws Exception {
        manifest("{ cpus: 0.5, memory: 128MiB }", "while :; do :; done");
        assumeTrue(!plan().contains("cannot bind here"), "no control groups here");
        provision.run("apply", "--yes").exits(0);
        long pid = provision.pid("a");
        List<Path> groups = groups(pid);
        assertFalse(groups.isEmpty(), "it is in groups of its own");
        assertHeldTo(0.5, pid, groups);
        manifest("{ cpus: 0.25, memory: 128MiB }", "while :; do :; done");
        assertTrue(plan().contains("cpus.limit 0.5 → 0.25: live"), plan());
        provision.run("apply", "--yes").exits(0);
        assertEquals(pid, provision.pid("a"));
        assertHeldTo(0.25, pid, groups);
        assertTrue(plan().contains("Nothing to do"));
        provision.run("destroy", "--yes").exits(0);
        groups.forEach(group -> assertFalse(Files.exists(group), group + " is left over"));
    }

    @Test
    void aMachineIsPinnedAndWeighsAndIsMovedLive() throws IOException {
        manifest("{ cpuset: \"1\", shares: 512, memory: 128MiB }", "exec sleep 100000");
        assumeTrue(!plan().contains("PRV-0308"), "no control groups here");
        provision.run("apply", "--yes").exits(0);
        long pid = provision.pid("a");
        assertEquals(List.of("1"), allowed(pid));
        manifest("{ cpuset: \"0\", memory: 128MiB }", "exec sleep 100000");
        provision.run("apply", "--yes").exits(0);
        assertEquals(pid, provision.pid("a"));
        assertEquals(List.of("0"), allowed(pid));
    }

    /** A guest that does not give back what its balloon asks for takes what is its neighbours'. */
    @Test
    void aVmmThatExceedsItsHardLimitIsEndedAndTheReasonIsSaid() throws Exception {
        manifest("{ memory: { limit: 160MiB, max: 768MiB, hard: 192MiB } }", "exec sleep 100000");
        assumeTrue(!plan().contains("PRV-0308"), "no control groups here");
        provision.run("apply", "--yes").exits(0);
        provision.start(folder.resolve("o"), folder.resolve("e"), "exec", "a", "--", "sh", "-c",
                "rmmod virtio_balloon; mount -o remount,size=700m /dev/shm; head -c 600m /dev/urandom > /dev/shm/f");
        // It may be too busy to answer before.
        Awaitility.await().atMost(Duration.ofMinutes(6)).until(() -> provision.state("a").equals("dead"));
        String status = provision.run("status").exits(0).out();
        assertTrue(status.contains("its VMM took more than memory.hard"), status);
        assertTrue(plan().contains("start"), "the next apply brings it up again");
        provision.run("apply", "--yes").exits(0);
        assertEquals("ready", provision.state("a"));
    }

    /**
     * Never more than that; and as much, but for a tenth, as soon as nobody else wants the CPU for ten seconds. That it is
     * never more is the kernel's doing, which says so.
     */
    private static void assertHeldTo(double limit, long pid, List<Path> groups) throws Exception {
        long throttled = throttled(groups);
        double most = 0;
        for (int window = 0; window < WINDOWS && most < limit * 0.9; window++) {
            double used = used(pid);
            assertTrue(used <= limit * 1.1, () -> used + " CPUs of " + limit);
            most = Math.max(most, used);
        }
        assertEquals(limit, most, limit * 0.1);
        assertTrue(throttled(groups) > throttled, "nobody has held it back");
    }

    /** How often the kernel has held these groups back (cgroup-v2.rst, scheduler/sched-bwc.rst). */
    private static long throttled(List<Path> groups) throws IOException {
        long times = 0;
        for (Path group : groups) {
            Path stat = group.resolve("cpu.stat");
            if (Files.exists(stat)) {
                times += Files.readAllLines(stat)
                        .stream()
                        .filter(line -> line.startsWith("nr_throttled "))
                        .mapToLong(line -> Long.parseLong(line.substring(line.indexOf(' ') + 1)))
                        .sum();
            }
        }
        return times;
    }

    /** CPU seconds a second over ten seconds, by the kernel's accounting of the process. */
    private static double used(long pid) throws IOException, InterruptedException {
        long start = System.nanoTime();
        double before = cpuSeconds(pid);
        Thread.sleep(Duration.ofSeconds(10));
        return (cpuSeconds(pid) - before) / ((System.nanoTime() - start) / 1e9);
    }

    /** Fields 14 and 15 of proc_pid_stat(5), in ticks of 10 ms. */
    private static double cpuSeconds(long pid) throws IOException {
        String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / 100.0;
    }

    /** What the threads may run on, each answer once. */
    private static List<String> allowed(long pid) throws IOException {
        try (Stream<Path> threads = Files.list(Path.of("/proc/" + pid + "/task"))) {
            return threads.flatMap(thread -> {
                try {
                    return Files.readAllLines(thread.resolve("status")).stream();
                } catch (IOException e) {
                    return Stream.empty();
                }
            })
                    .filter(line -> line.startsWith("Cpus_allowed_list:"))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .distinct()
                    .toList();
        }
    }

    private static List<Path> groups(long pid) throws IOException {
        List<String> names = Files.readAllLines(Path.of("/proc/" + pid + "/cgroup"))
                .stream()
                .filter(line -> line.contains("/provision/"))
                .map(line -> line.substring(line.indexOf("/provision/") + 1))
                .distinct()
                .toList();
        return LiveFolders.find(Path.of("/sys/fs/cgroup"), 6,
                (path, attributes) -> attributes.isDirectory() && names.stream().anyMatch(path::endsWith));
    }
}
