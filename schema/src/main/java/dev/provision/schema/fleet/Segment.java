package dev.provision.schema.fleet;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A network of a fleet as it was given out.
 *
 * @param subnet
 *            {@code 10.77.0.0/24}
 * @param members
 *            the IPv4 addresses of all who are on it, by the names of machines
 */
public record Segment(String subnet, SortedMap<String, String> members) {
    public Segment {
        members = Collections.unmodifiableSortedMap(new TreeMap<>(members));
    }
}
