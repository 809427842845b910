package dev.provision.planner.schedule;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import dev.provision.planner.host.Accelerator;
import dev.provision.planner.schedule.Sample.Kind;

/**
 * How long things take on this host.
 *
 * @param boots
 *            by machine: from its VMM's start until it was ready, last time
 * @param boot
 *            of a machine that has not booted here
 * @param runs
 *            by job: from ready to its end, last time
 * @param run
 *            of a job that has not run here
 * @param basis
 *            where the times come from, for people: {@code 12 boots on this host}
 */
public record Estimates(Map<String, Duration> boots, Duration boot, Map<String, Duration> runs, Duration run,
        String basis) {

    /** For a host that has recorded nothing: of the order of what machines take, so that the order is right. */
    public static final Estimates ASSUMED = new Estimates(Map.of(), Duration.ofSeconds(3), Map.of(),
            Duration.ofSeconds(30), "assumed: nothing was booted here yet");

    /** A guest that answers is down in this time. */
    static final Duration STOP = Duration.ofSeconds(2);
    /** What a change of a running machine takes. */
    static final Duration CHANGE = Duration.ofMillis(500);

    public Estimates {
        boots = Map.copyOf(boots);
        runs = Map.copyOf(runs);
    }

    /**
     * Of machines that were timed, their own last time; of others the median of all.
     *
     * @param samples
     *            of all fleets, the oldest first
     */
    public static Estimates from(List<Sample> samples, String fleet, Accelerator accelerator) {
        List<Sample> relevant = samples.stream().filter(sample -> sample.accelerator() == accelerator).toList();
        List<Sample> boots = relevant.stream().filter(sample -> sample.kind() == Kind.BOOT).toList();
        List<Sample> runs = relevant.stream().filter(sample -> sample.kind() == Kind.RUN).toList();
        if (boots.isEmpty()) {
            return ASSUMED;
        }
        return new Estimates(last(boots, fleet), median(boots).orElse(ASSUMED.boot()), last(runs, fleet),
                median(runs).orElse(ASSUMED.run()),
                boots.size() == 1 ? "1 boot on this host" : boots.size() + " boots on this host");
    }

    private static Map<String, Duration> last(List<Sample> samples, String fleet) {
        Map<String, Duration> last = new HashMap<>();
        samples.stream()
                .filter(sample -> sample.fleet().equals(fleet))
                .forEach(sample -> last.put(sample.machine(), sample.took()));
        return last;
    }

    private static Optional<Duration> median(List<Sample> samples) {
        List<Duration> sorted = samples.stream().map(Sample::took).sorted().toList();
        return sorted.isEmpty() ? Optional.empty() : Optional.of(sorted.get(sorted.size() / 2));
    }

    Duration boot(String machine) {
        return boots.getOrDefault(machine, boot);
    }

    Duration run(String machine) {
        return runs.getOrDefault(machine, run);
    }
}
