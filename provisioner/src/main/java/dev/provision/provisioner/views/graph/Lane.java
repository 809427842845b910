package dev.provision.provisioner.views.graph;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;

import dev.provision.planner.capacity.Share;
import dev.provision.planner.diff.Disruption;
import dev.provision.planner.plan.MachineChange;
import dev.provision.planner.plan.Plan;
import dev.provision.planner.schedule.Booking;
import dev.provision.provisioner.views.Elapsed;
import dev.provision.provisioner.views.Printable;
import dev.provision.schema.fleet.Condition;

/**
 * What happens to a machine in the course of time. Instants are counted from the beginning of the run.
 *
 * @param busyFrom
 *            it is admitted, or begins to go
 * @param busyUntil
 *            it is as wanted, or gone
 * @param runsUntil
 *            end of a job; absent where it runs on, or does not run
 * @param runsBefore
 *            it runs as it was until it is its turn
 * @param runsAfter
 *            its VMM runs once it is as wanted
 * @param dependsOn
 *            what it waits for; empty where it does not boot
 */
record Lane(String machine, Disruption disruption, Share share, Duration busyFrom, Duration busyUntil,
        Optional<Duration> runsUntil, boolean runsBefore, boolean runsAfter,
        SortedMap<String, Condition> dependsOn) {

    private static final int LONGEST = 28;

    /** Those that go, then all others in the order of admission. */
    static List<Lane> of(Plan plan) {
        List<Lane> lanes = new ArrayList<>();
        Map<String, MachineChange> changes = new HashMap<>();
        for (MachineChange change : plan.changes()) {
            changes.put(change.machine(), change);
            if (change.disruption() == Disruption.DESTROY) {
                lanes.add(leaving(change, plan));
            }
        }
        for (Booking booking : plan.schedule().bookings()) {
            Optional.ofNullable(changes.get(booking.machine()))
                    .ifPresent(change -> lanes.add(booked(change, booking, plan)));
        }
        return lanes;
    }

    /** The first instant at which anything is admitted is the one at which all of these are gone. */
    private static Lane leaving(MachineChange change, Plan plan) {
        return new Lane(change.machine(), Disruption.DESTROY, change.demand(plan.pool()).held(), Duration.ZERO,
                plan.schedule().levels().getFirst().at(), Optional.empty(), false, false, change.dependsOn());
    }

    private static Lane booked(MachineChange change, Booking booking, Plan plan) {
        boolean stopsFirst = plan.schedule().stopFirst().contains(change.machine());
        return new Lane(change.machine(), change.disruption(), booking.share(), booking.from(), booking.ready(),
                booking.until(), change.running() && !stopsFirst, !booking.share().equals(Share.NOTHING),
                booking.boots() ? change.dependsOn() : Collections.emptySortedMap());
    }

    /** When it has reached a condition; absent when never. */
    Optional<Duration> reaches(Condition condition) {
        return switch (condition) {
            case STARTED -> Optional.of(busyFrom);
            case READY -> Optional.of(busyUntil);
            case COMPLETED -> runsUntil;
        };
    }

    /** Its name, short enough for a chart. */
    String label() {
        return Markup.shortened(Printable.line(machine), LONGEST);
    }

    /** {@code 1024 MiB, 1 CPU}: what it holds of the pool, or held until it goes; may be empty. */
    String size() {
        return share.equals(Share.NOTHING) ? "" : share.memory().mib() + " MiB, " + Share.text(share.cpus());
    }

    /** {@code job-1: create at 4 s, ready at 7 s, ends at 37 s; 1024 MiB memory, 1 CPU}. */
    String tip() {
        String done = disruption == Disruption.DESTROY ? "gone" : runsAfter ? "ready" : "done";
        return Printable.line(machine) + ": " + disruption.word() + " at " + Elapsed.text(busyFrom) + ", " + done
                + " at "
                + Elapsed.text(busyUntil) + runsUntil.map(end -> ", ends at " + Elapsed.text(end)).orElse("")
                + (share.equals(Share.NOTHING) ? "" : "; " + size());
    }
}
