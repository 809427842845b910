package dev.provision.planner.plan;

import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

import dev.provision.planner.observed.ObservedFleet;
import dev.provision.planner.observed.ObservedMachine;
import dev.provision.schema.fleet.Fleet;
import dev.provision.schema.fleet.FleetMachine;
import dev.provision.schema.fleet.MachineSpec;
import dev.provision.schema.units.Durations;

/**
 * Whose {@code ttl} is over, and what that means: a person who applies begins a new life, where nobody is asked it ends there.
 *
 * @param now
 *            absent where time does not matter: then nobody's is over
 * @param attended
 *            a person plans: a machine whose time is over is made anew. Else it goes, and stays away
 * @param ended
 *            of machines whose time was over, the specs as the manifest had them then, by name: they stay away as long as it
 *            has the same
 */
public record Lifetimes(Optional<Instant> now, boolean attended, SortedMap<String, MachineSpec> ended) {

    /** Nobody looks at a clock. */
    public static final Lifetimes UNBOUNDED = new Lifetimes(Optional.empty(), true, new TreeMap<>());

    public Lifetimes {
        ended = Collections.unmodifiableSortedMap(new TreeMap<>(ended));
    }

    /** Of a plan that a person asked for. */
    public static Lifetimes attended(Instant now) {
        return new Lifetimes(Optional.of(now), true, new TreeMap<>());
    }

    /** Of a plan that is carried out without a person's word. */
    public static Lifetimes unattended(Instant now, SortedMap<String, MachineSpec> ended) {
        return new Lifetimes(Optional.of(now), false, ended);
    }

    /** When the machine's time is over, by what is wanted of it; absent where it has none, or nobody knows its age. */
    static Optional<Instant> end(MachineSpec wanted, ObservedMachine there) {
        return there.createdAt().flatMap(created -> wanted.lifecycle().ttl().map(created::plus));
    }

    /** When the time of each machine of the fleet that is there and has one is over, by name. */
    public static SortedMap<String, Instant> ends(Fleet fleet, ObservedFleet observed) {
        SortedMap<String, Instant> ends = new TreeMap<>();
        for (FleetMachine machine : fleet.machines().values()) {
            ObservedMachine there = observed.machines().get(machine.spec().name());
            if (there != null) {
                end(ChangePlanner.effective(machine.spec(), there), there)
                        .ifPresent(end -> ends.put(there.name(), end));
            }
        }
        return ends;
    }

    /** {@code expired at 2026-11-22T04:05:06Z, ttl 2h}; absent while its time is not over. */
    Optional<String> over(MachineSpec wanted, ObservedMachine there) {
        return end(wanted, there).filter(end -> now.filter(time -> !time.isBefore(end)).isPresent())
                .map(end -> "expired at " + end + ", ttl "
                        + Durations.format(wanted.lifecycle().ttl().orElse(Duration.ZERO)));
    }

    /** Its time was over, and its manifest says nothing new of it since. */
    boolean staysAway(MachineSpec written) {
        return !attended && written.equals(ended.get(written.name()));
    }
}
