package dev.provision.acceptance;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How long this host has kept a VMM waiting although it wanted to run. What a guest loses by that, it has not lost by what was
 * done to it. Looks five times a second until it is closed.
 */
public final class HostStalls implements AutoCloseable {

    private static final long PAUSE = Duration.ofMillis(200).toNanos();

    /** A wait is accounted when it is over, and seen by the look after that. */
    private static final double COARSE_SECONDS = 1;
    private static final double SECOND = 1e9;
    private static final long TICK = Duration.ofMillis(10).toNanos();

    /**
     * @param nanos
     *            when it was looked
     * @param stalled
     *            nanoseconds of waiting since the first look
     */
    private record Look(long nanos, long stalled) {}

    private final Path threads;
    private final List<Look> looks = new ArrayList<>();
    private final Thread looker;
    private Map<String, Long> waits;
    private Map<String, Long> steals;

    /** Of the VMM of this pid, from now on. */
    public HostStalls(long pid) throws IOException {
        threads = Path.of("/proc/" + pid + "/task");
        waits = waits();
        steals = steals();
        looks.add(new Look(System.nanoTime(), 0));
        looker = Thread.ofPlatform().daemon().name("host-stalls").start(this::goOn);
    }

    private void goOn() {
        try {
            while (true) {
                Thread.sleep(Duration.ofNanos(PAUSE));
                look();
            }
        } catch (InterruptedException | IOException e) {
            // It is over: closed, or its VMM has ended.
        }
    }

    /**
     * The thread that has waited most for a CPU, and the CPU that this host's own hypervisor has taken away for longest; or
     * how late this look is itself: where a whole host stands still, nothing else tells.
     */
    private synchronized void look() throws IOException {
        Map<String, Long> nowWaits = waits();
        Map<String, Long> nowSteals = steals();
        Look last = looks.getLast();
        long now = System.nanoTime();
        long late = now - last.nanos() - PAUSE;
        long waited = mostGrown(waits, nowWaits) + mostGrown(steals, nowSteals);
        looks.add(new Look(now, last.stalled() + Math.max(0, Math.max(late, waited))));
        waits = nowWaits;
        steals = nowSteals;
    }

    private static long mostGrown(Map<String, Long> before, Map<String, Long> now) {
        return now.entrySet()
                .stream()
                .mapToLong(entry -> entry.getValue() - before.getOrDefault(entry.getKey(), 0L))
                .max()
                .orElse(0);
    }

    /** Of each thread the time that it was ready to run and had no CPU, in nanoseconds (scheduler/sched-stats.rst). */
    private Map<String, Long> waits() throws IOException {
        Map<String, Long> waits = new HashMap<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(threads)) {
            for (Path thread : all) {
                try {
                    String[] fields = Files.readString(thread.resolve("schedstat")).strip().split(" ", -1);
                    waits.put(thread.toString(), Long.parseLong(fields[1]));
                } catch (IOException e) {
                    // It has ended, or this kernel does not count.
                }
            }
        }
        return waits;
    }

    /** Of each CPU the time in which it was another guest's, the eighth number in proc_stat(5). */
    private static Map<String, Long> steals() throws IOException {
        Map<String, Long> steals = new HashMap<>();
        for (String line : Files.readAllLines(Path.of("/proc/stat"))) {
            if (line.matches("cpu[0-9]+( [0-9]+){8}.*")) {
                String[] fields = line.split(" ", -1);
                steals.put(fields[0], Long.parseLong(fields[8]) * TICK);
            }
        }
        return steals;
    }

    /** Seconds that it was kept waiting, within as many seconds as it was kept waiting most. */
    public double within(double seconds) throws IOException {
        look();
        return most(Math.round((seconds + COARSE_SECONDS) * SECOND)) / SECOND;
    }

    private synchronized long most(long window) {
        long most = 0;
        int from = 0;
        for (int to = 1; to < looks.size(); to++) {
            while (from < to - 1 && looks.get(to).nanos() - looks.get(from).nanos() > window) {
                from++;
            }
            most = Math.max(most, looks.get(to).stalled() - looks.get(from).stalled());
        }
        return most;
    }

    @Override
    public void close() {
        looker.interrupt();
    }
}
