package dev.provision.schema.fleet;

import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a machine runs.
 *
 * @param command
 *            the command and its arguments; empty: none
 * @param env
 *            environment of the command and of shells
 */
public record Workload(List<String> command, RestartPolicy restart, SortedMap<String, String> env) {

    /** A machine that only boots. */
    public static final Workload NONE = new Workload(List.of(), RestartPolicy.ON_FAILURE, new TreeMap<>());

    public Workload {
        command = List.copyOf(command);
        env = Collections.unmodifiableSortedMap(new TreeMap<>(env));
    }

    public Workload with(SortedMap<String, String> otherEnv) {
        return new Workload(command, restart, otherEnv);
    }
}
