package dev.provision.planner.schedule;

import java.time.Duration;
import java.util.Map;

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

    Duration boot(String machine) {
        return boots.getOrDefault(machine, boot);
    }

    Duration run(String machine) {
        return runs.getOrDefault(machine, run);
    }
}
