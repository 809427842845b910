package dev.provision.provisioner.views;

import java.time.Instant;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

import dev.provision.planner.observed.ObservedFleet;
import dev.provision.provisioner.events.WatchStatus;

/**
 * What {@code status} tells of a fleet.
 *
 * @param watch
 *            absent when nobody watches it
 * @param expired
 *            when machines went whose time was over and that are not there again, by name
 */
public record FleetStatus(ObservedFleet observed, Optional<WatchStatus> watch, SortedMap<String, Instant> expired) {

    public FleetStatus {
        SortedMap<String, Instant> gone = new TreeMap<>(expired);
        gone.keySet().removeAll(observed.machines().keySet());
        expired = Collections.unmodifiableSortedMap(gone);
    }

    /** One that nobody watches, all of whose machines are there. */
    public static FleetStatus of(ObservedFleet observed) {
        return new FleetStatus(observed, Optional.empty(), new TreeMap<>());
    }
}
