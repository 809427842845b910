package dev.provision.planner.proof;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;

import dev.provision.planner.capacity.Share;
import dev.provision.planner.plan.MachineChange;
import dev.provision.planner.plan.Plan;
import dev.provision.planner.schedule.Booking;
import dev.provision.planner.schedule.Demand;
import dev.provision.planner.schedule.Estimates;
import dev.provision.planner.schedule.Level;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What every schedule promises, computed anew from its bookings: who holds what at each instant. */
final class ScheduleProof {

    private static final Duration STOP = Duration.ofSeconds(2);

    private final Plan plan;
    private final Estimates estimates;
    private final List<Demand> demands;
    private final Map<String, Booking> booked = new HashMap<>();
    private final Duration begin;
    private final Set<String> skipped;

    private ScheduleProof(Plan plan, Estimates estimates, Set<String> skipped) {
        this.skipped = skipped;
        this.plan = plan;
        this.estimates = estimates;
        this.demands = plan.changes().stream().map(change -> change.demand(plan.pool())).toList();
        this.begin = demands.stream().anyMatch(demand -> demand.kind() == Demand.Kind.LEAVES) ? STOP : Duration.ZERO;
        plan.schedule().bookings().forEach(booking -> booked.put(booking.machine(), booking));
    }

    /**
     * @param skipped
     *            machines that wait in vain: they need not be admitted
     */
    static ScheduleProof of(Plan plan, Estimates estimates, Set<String> skipped) {
        return new ScheduleProof(plan, estimates, skipped);
    }

    void check() {
        everybodyIsAdmitted();
        nothingExceedsThePool();
        dependenciesHold();
    }

    private void everybodyIsAdmitted() {
        for (Demand demand : demands) {
            boolean acts = demand.kind() == Demand.Kind.BOOTS || demand.kind() == Demand.Kind.CHANGES;
            if (!skipped.contains(demand.machine())) {
                assertEquals(acts, booked.containsKey(demand.machine()), demand.machine());
            }
        }
        assertEquals(booked.size(), plan.schedule().bookings().size(), "booked once");
    }

    /** More may be held at the beginning: from then on it only shrinks until it fits. */
    private void nothingExceedsThePool() {
        NavigableSet<Duration> instants = new TreeSet<>(List.of(Duration.ZERO, STOP));
        booked.values().forEach(booking -> {
            instants.addAll(List.of(booking.from(), booking.ready()));
            booking.until().ifPresent(instants::add);
        });
        Map<Duration, Level> levels = new HashMap<>();
        plan.schedule().levels().forEach(level -> levels.put(level.at(), level));
        Share before = demands.stream().map(Demand::held).reduce(Share.NOTHING, Share::plus);
        for (Duration at : instants) {
            Share held = demands.stream().map(demand -> held(demand, at)).reduce(Share.NOTHING, Share::plus);
            assertTrue(held.fitsInto(plan.pool().size().max(before)), held + " held at " + at);
            long booting = booked.values()
                    .stream()
                    .filter(booking -> booking.boots() && isWithin(at, booking.from(), booking.ready()))
                    .count();
            assertTrue(booting <= plan.pool().maxConcurrentBoots(), booting + " boot at " + at);
            if (levels.containsKey(at)) {
                assertEquals(new Level(at, held, (int) booting), levels.get(at), "as the schedule says");
            }
            before = held;
        }
    }

    private static boolean isWithin(Duration at, Duration from, Duration until) {
        return at.compareTo(from) >= 0 && at.compareTo(until) < 0;
    }

    /** What a machine has of the pool at an instant, or just after it. */
    private Share held(Demand demand, Duration at) {
        Booking booking = booked.get(demand.machine());
        return switch (demand.kind()) {
            case LEAVES -> at.compareTo(STOP) < 0 ? demand.held() : Share.NOTHING;
            case KEPT -> demand.job() && at.compareTo(begin.plus(run(demand.machine()))) >= 0 ? Share.NOTHING
                    : demand.held();
            case CHANGES, BOOTS -> booking == null ? demand.held() : held(demand, booking, at);
        };
    }

    private Share held(Demand demand, Booking booking, Duration at) {
        boolean stopsFirst = plan.schedule().stopFirst().contains(demand.machine());
        boolean isStopped = stopsFirst && at.compareTo(begin.plus(STOP)) >= 0;
        if (at.compareTo(booking.from()) < 0) {
            return isStopped ? Share.NOTHING : demand.held();
        }
        if (at.compareTo(booking.ready()) < 0) {
            return stopsFirst ? demand.wanted() : demand.held().max(demand.wanted());
        }
        return booking.until().filter(end -> at.compareTo(end) >= 0).isPresent() ? Share.NOTHING : demand.wanted();
    }

    private Duration run(String machine) {
        return estimates.runs().getOrDefault(machine, estimates.run());
    }

    private void dependenciesHold() {
        for (MachineChange change : plan.changes()) {
            Booking booking = booked.get(change.machine());
            if (booking == null || !change.boots()) {
                continue;
            }
            change.dependsOn().forEach((name, condition) -> {
                Booking dependency = booked.get(name);
                if (dependency != null) {
                    Duration reached = switch (condition) {
                        case STARTED -> dependency.boots() ? dependency.from() : dependency.ready();
                        case READY -> dependency.ready();
                        case COMPLETED -> dependency.until().orElse(dependency.ready());
                    };
                    assertTrue(booking.from().compareTo(reached) >= 0, change.machine() + " before " + name);
                }
            });
        }
    }
}
