package dev.provision.schema.fleet;

import java.time.Duration;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * How a machine is to be treated over its life; the guest sees nothing of it.
 *
 * @param labels
 *            free words for people and tools
 * @param protect
 *            a plan that would destroy or recreate the machine is refused
 * @param ttl
 *            how long after its creation the machine expires
 * @param ignoreChanges
 *            paths of keys whose changes are not applied
 */
public record Lifecycle(SortedMap<String, String> labels, boolean protect, Optional<Duration> ttl,
        SortedSet<String> ignoreChanges) {

    public static final Lifecycle STANDARD = new Lifecycle(new TreeMap<>(), false, Optional.empty(), new TreeSet<>());

    public Lifecycle {
        labels = Collections.unmodifiableSortedMap(new TreeMap<>(labels));
        ignoreChanges = Collections.unmodifiableSortedSet(new TreeSet<>(ignoreChanges));
    }
}
