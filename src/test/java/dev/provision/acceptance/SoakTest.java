package dev.provision.acceptance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableSet;
import java.util.Random;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * A fleet of 20 under {@code apply --watch} while VMMs are killed at random: {@code -Dsoak.minutes=10}, and
 * {@code -Dsoak.seed=N} for the same victims again. Its figures go to standard output.
 */
class SoakTest {

    private static final int MACHINES = 20;
    private static final Duration SAMPLE = Duration.ofSeconds(10);
    private static final int MINUTES = Integer.getInteger("soak.minutes", 0);

    /**
     * How the watch is at one time.
     *
     * @param rss
     *            KiB
     */
    private record Sample(long second, int ready, long threads, long descriptors, long rss) {}

    /** A machine, and when its VMM was killed or it was ready. */
    private record Moment(String machine, Instant at) {}

    private final List<Sample> samples = new ArrayList<>();
    private final List<Moment> kills = new ArrayList<>();

    @TempDir
    private Path folder = Path.of("");

    private Provision provision = new Provision(folder);
    private @Nullable Process watch;

    @BeforeEach
    void open() {
        provision = new Provision(folder);
    }

    @AfterEach
    void endAll() throws Exception {
        Process running = watch;
        if (running != null) {
            running.destroyForcibly().waitFor();
        }
        provision.close();
    }

    @Test
    void whoeverIsKilledComesBackAndNothingLeaks() throws Exception {
        assumeTrue(MINUTES > 0, "it takes minutes: -Dsoak.minutes=10");
        long seed = Long.getLong("soak.seed", System.nanoTime());
        Random random = new Random(seed);
        provision.write("machines.yaml", """
                version: 1
                fleet: soak
                machines:
                  m: { count: %d, resources: { cpus: { request: 0.1, limit: 1 }, memory: 128MiB } }
                """.formatted(MACHINES));
        Process running = provision.start(folder.resolve("o"), folder.resolve("e"), "apply", "--watch", "--yes");
        watch = running;
        Awaitility.await()
                .atMost(Duration.ofMinutes(8))
                .pollInterval(Duration.ofSeconds(1))
                .failFast(() -> assertTrue(running.isAlive(), this::said))
                .until(() -> said().contains("settled, " + MACHINES + " running"));
        soak(running, random);
        Awaitility.await("all machines are back")
                .atMost(Duration.ofMinutes(7)) // the longest pause before a restart is 5
                .pollInterval(Duration.ofSeconds(2))
                .until(() -> readyNow() == MACHINES);
        report(seed, recoveries());
        noLeak("threads", samples.stream().map(Sample::threads).toList(), 10);
        noLeak("descriptors", samples.stream().map(Sample::descriptors).toList(), 20);
        noLeak("RSS in KiB", samples.stream().map(Sample::rss).toList(), 64 * 1024);
        running.destroy();
        assertTrue(running.waitFor(1, TimeUnit.MINUTES), "it does not end");
        assertEquals(0, running.exitValue());
    }

    private String said() {
        try {
            return Files.readString(folder.resolve("o")) + Files.readString(folder.resolve("e"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Kills a VMM every 1 to 8 seconds and looks every 10. */
    private void soak(Process running, Random random) throws Exception {
        long start = System.nanoTime();
        long end = start + TimeUnit.MINUTES.toNanos(MINUTES);
        long nextKill = start;
        long nextSample = start;
        while (System.nanoTime() < end) {
            long now = System.nanoTime();
            if (now >= nextKill) {
                killOne(random);
                nextKill = now + TimeUnit.MILLISECONDS.toNanos(1000 + random.nextInt(7000));
            }
            if (now >= nextSample) {
                samples.add(sample(running, TimeUnit.NANOSECONDS.toSeconds(now - start)));
                nextSample = now + SAMPLE.toNanos();
            }
            Thread.sleep(100);
        }
    }

    private void killOne(Random random) {
        List<ProcessHandle> vmms = provision.vmms();
        if (!vmms.isEmpty()) {
            ProcessHandle victim = vmms.get(random.nextInt(vmms.size()));
            kills.add(new Moment(Provision.machineOf(victim), Instant.now()));
            victim.destroyForcibly();
        }
    }

    /** The launcher replaces itself by the JVM: this process is the watch. */
    private Sample sample(Process running, long second) throws IOException {
        Path proc = Path.of("/proc", Long.toString(running.pid()));
        String status = Files.readString(proc.resolve("status"));
        try (Stream<Path> descriptors = Files.list(proc.resolve("fd"))) {
            return new Sample(second, readyNow(), field(status, "Threads:"), descriptors.count(),
                    field(status, "VmRSS:"));
        }
    }

    private static long field(String status, String name) {
        return status.lines()
                .filter(line -> line.startsWith(name))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .findFirst()
                .orElseThrow();
    }

    private int readyNow() {
        int ready = 0;
        for (JsonNode machine : provision.json("status", "-o", "json").path("fleets").path(0).path("machines")) {
            ready += machine.path("state").asText().equals("ready") ? 1 : 0;
        }
        return ready;
    }

    /** From each kill until the machine was ready again, by the journal, in ms, shortest first; its waiting is part of it. */
    private List<Long> recoveries() throws IOException {
        NavigableSet<Moment> ready = new TreeSet<>(Comparator.comparing(Moment::machine).thenComparing(Moment::at));
        ObjectMapper mapper = new ObjectMapper();
        for (String line : Files.readAllLines(provision.state().resolve("fleets/soak/journal.jsonl"))) {
            JsonNode event = mapper.readTree(line);
            if (event.path("event").asText().equals("machine-ended") && event.path("outcome").asText().equals("done")) {
                ready.add(new Moment(event.path("machine").asText(), Instant.parse(event.path("at").asText())));
            }
        }
        List<Long> millis = new ArrayList<>();
        for (Moment kill : kills) {
            Moment back = ready.higher(kill);
            assertTrue(back != null && back.machine().equals(kill.machine()), () -> kill + " has not come back");
            millis.add(Duration.between(kill.at(), back.at()).toMillis());
        }
        Collections.sort(millis);
        return millis;
    }

    private void report(long seed, List<Long> recoveries) {
        double availability = samples.stream().mapToInt(Sample::ready).average().orElse(0) / MACHINES;
        StringBuilder text = new StringBuilder();
        text.append("soak of %d machines, %d min, -Dsoak.seed=%d%n".formatted(MACHINES, MINUTES, seed));
        text.append("availability %.1f %%%n".formatted(100 * availability));
        text.append("kills %d, until ready again in ms: least %d, median %d, 95 %% %d, most %d; each: %s%n".formatted(
                recoveries.size(), recoveries.getFirst(), recoveries.get(recoveries.size() / 2),
                recoveries.get((recoveries.size() - 1) * 95 / 100), recoveries.getLast(), recoveries));
        text.append("second ready threads descriptors RSS/KiB%n".formatted());
        samples.forEach(sample -> text.append("%6d %5d %7d %11d %7d%n".formatted(sample.second(), sample.ready(),
                sample.threads(), sample.descriptors(), sample.rss())));
        System.out.print(text);
    }

    /** A line through the second half (least squares) must not climb by more than this over all of it. */
    private static void noLeak(String what, List<Long> all, long most) {
        List<Long> half = all.subList(all.size() / 2, all.size());
        int n = half.size();
        if (n < 3) {
            return;
        }
        double meanX = (n - 1) / 2.0;
        double meanY = half.stream().mapToLong(Long::longValue).average().orElse(0);
        double covariance = 0;
        double variance = 0;
        for (int x = 0; x < n; x++) {
            covariance += (x - meanX) * (half.get(x) - meanY);
            variance += (x - meanX) * (x - meanX);
        }
        double climb = covariance / variance * (n - 1);
        assertTrue(climb <= most, () -> what + " climb by " + climb + ": " + half);
    }
}
