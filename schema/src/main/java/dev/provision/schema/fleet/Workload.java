package dev.provision.schema.fleet;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a machine runs.
 *
 * @param command
 *            the command and its arguments; empty: none
 * @param env
 *            environment of the command and of shells
 * @param deadline
 *            how long a batch job may take until its guest ends it, a second at least; absent: as long as it likes
 */
public record Workload(List<String> command, RestartPolicy restart, SortedMap<String, String> env,
        Optional<Duration> deadline) {

    /** A machine that only boots. */
    public static final Workload NONE = new Workload(List.of(), RestartPolicy.ON_FAILURE, new TreeMap<>());

    public Workload {
        command = List.copyOf(command);
        env = Collections.unmodifiableSortedMap(new TreeMap<>(env));
    }

    /** One that may take as long as it likes. */
    public Workload(List<String> command, RestartPolicy restart, SortedMap<String, String> env) {
        this(command, restart, env, Optional.empty());
    }

    public Workload with(SortedMap<String, String> otherEnv) {
        return new Workload(command, restart, otherEnv, deadline);
    }
}
