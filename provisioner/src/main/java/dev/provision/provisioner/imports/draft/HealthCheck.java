package dev.provision.provisioner.imports.draft;

import java.time.Duration;
import java.util.List;

import dev.provision.provisioner.imports.draft.Value.Block;
import dev.provision.provisioner.imports.source.Template;
import dev.provision.schema.units.Durations;

/**
 * A command that says whether a service is healthy, as containers know it: tried again and again until it fails
 * {@code retries} times in a row. A manifest waits once, until the command succeeds.
 *
 * @param interval
 *            between two tries
 * @param timeout
 *            of one try
 * @param retries
 *            how many failures in a row mean that the service is not healthy
 * @param grace
 *            how long failures do not count in the beginning
 */
public record HealthCheck(List<Template> exec, Duration interval, Duration timeout, long retries, Duration grace) {

    private static final double LONGEST_SECONDS = Duration.ofDays(1).toSeconds();

    public HealthCheck {
        exec = List.copyOf(exec);
    }

    /** The probe; it may take as long as the check takes to find a service unhealthy, within 1 s and 1 d. */
    public Block ready() {
        return new Block().put("exec", Value.texts(exec)).put("timeout", Value.word(Durations.format(patience())));
    }

    private Duration patience() {
        double seconds = seconds(grace) + retries * (seconds(interval) + seconds(timeout));
        return Duration.ofSeconds((long) Math.ceil(Math.clamp(seconds, 1, LONGEST_SECONDS)));
    }

    private static double seconds(Duration duration) {
        return duration.toNanos() / 1e9;
    }
}
