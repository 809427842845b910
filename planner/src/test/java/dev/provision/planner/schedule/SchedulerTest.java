package dev.provision.planner.schedule;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.provision.planner.capacity.Share;
import dev.provision.planner.schedule.Demand.Kind;
import dev.provision.schema.fleet.Condition;
import dev.provision.schema.units.ByteSize;
import dev.provision.schema.units.Cpus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class SchedulerTest {

    private static final int FLEETS = Integer.getInteger("schedule.fleets", 1500);

    private static Schedule schedule(RandomDemands fleet) {
        return Scheduler.of(fleet.demands(), fleet.pool(), fleet.slots(), fleet.estimates(), Set.of());
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2})
    void everybodyIsAdmittedNothingExceedsThePoolAndDependenciesHold(long seed) {
        Random random = new Random(seed);
        for (int i = 0; i < FLEETS; i++) {
            RandomDemands fleet = RandomDemands.of(random, 1 + random.nextInt(25));
            Schedule schedule = schedule(fleet);
            String which = "seed " + seed + ", fleet " + i + ": " + fleet;
            assertEquals(schedule, schedule(fleet), which);
            isComplete(fleet, schedule, which);
            isWithinThePool(fleet, schedule, which);
            isOrdered(fleet, schedule, which);
        }
    }

    private static void isComplete(RandomDemands fleet, Schedule schedule, String which) {
        List<String> wanted = fleet.demands()
                .stream()
                .filter(demand -> demand.kind() == Kind.BOOTS || demand.kind() == Kind.CHANGES)
                .map(Demand::machine)
                .sorted()
                .toList();
        assertEquals(wanted, schedule.bookings().stream().map(Booking::machine).sorted().toList(), which);
    }

    /** What is held may exceed the pool in the beginning; from then on it shrinks until it fits. */
    private static void isWithinThePool(RandomDemands fleet, Schedule schedule, String which) {
        Share before = fleet.demands().stream().map(Demand::held).reduce(Share.NOTHING, Share::plus);
        for (Level level : schedule.levels()) {
            assertTrue(level.held().fitsInto(fleet.pool().max(before)), () -> which + " at " + level);
            assertTrue(level.booting() <= fleet.slots(), () -> which + " at " + level);
            before = level.held();
        }
        Share services = fleet.demands()
                .stream()
                .filter(demand -> !demand.job())
                .map(Demand::wanted)
                .reduce(Share.NOTHING, Share::plus);
        if (!schedule.levels().isEmpty()) {
            assertEquals(services, schedule.levels().getLast().held(), which);
        }
    }

    private static void isOrdered(RandomDemands fleet, Schedule schedule, String which) {
        Map<String, Booking> booked = new HashMap<>();
        schedule.bookings().forEach(booking -> booked.put(booking.machine(), booking));
        for (Demand demand : fleet.demands()) {
            demand.dependsOn().forEach((name, condition) -> {
                Booking dependency = booked.get(name);
                if (dependency == null) {
                    return;
                }
                Duration from = Objects.requireNonNull(booked.get(demand.machine())).from();
                Duration reached = switch (condition) {
                    case STARTED -> dependency.boots() ? dependency.from() : dependency.ready();
                    case READY -> dependency.ready();
                    case COMPLETED -> dependency.boots() ? dependency.until().orElse(dependency.ready())
                            : begins(fleet).plus(fleet.estimates().run(name));
                };
                assertTrue(from.compareTo(reached) >= 0, () -> which + ": " + demand.machine() + " before " + name);
            });
        }
    }

    /** A job that runs already ends so long after those that leave have left, whatever is done to it. */
    private static Duration begins(RandomDemands fleet) {
        boolean some = fleet.demands().stream().anyMatch(demand -> demand.kind() == Kind.LEAVES);
        return some ? Estimates.STOP : Duration.ZERO;
    }

    @Test
    void makespanOfManyJobsIsNearTheLowerBound() {
        Random random = new Random(7);
        double worst = 0;
        double sum = 0;
        int fleets = 60;
        for (int i = 0; i < fleets; i++) {
            RandomDemands fleet = RandomDemands.jobs(random, 100 + random.nextInt(200), 4 + random.nextInt(8));
            double ratio = (double) schedule(fleet).makespan().toMillis() / lowerBound(fleet);
            worst = Math.max(worst, ratio);
            sum += ratio;
        }
        System.out.printf("makespan over its lower bound: %.3f at worst, %.3f on average%n", worst, sum / fleets);
        assertTrue(worst < 1.10, "worst " + worst);
    }

    private static double lowerBound(RandomDemands fleet) {
        double cpu = 0;
        double memory = 0;
        double longest = 0;
        for (Demand demand : fleet.demands()) {
            double length = fleet.estimates()
                    .boot(demand.machine())
                    .plus(fleet.estimates().run(demand.machine()))
                    .toMillis();
            longest = Math.max(longest, length);
            cpu += length * demand.wanted().cpus().millis() / fleet.pool().cpus().millis();
            memory += length * demand.wanted().memory().bytes() / fleet.pool().memory().bytes();
        }
        return Math.max(longest, Math.max(cpu, memory));
    }

    private static Demand boot(String machine, int cpus, boolean job, Map<String, Condition> dependsOn) {
        return new Demand(machine, Kind.BOOTS, Share.NOTHING, new Share(Cpus.of(cpus), ByteSize.ofMib(1)), job, true,
                new TreeMap<>(dependsOn));
    }

    private static List<String> order(Schedule schedule) {
        return schedule.bookings().stream().map(Booking::machine).toList();
    }

    @Test
    void longestWayComesFirst() {
        List<Demand> demands = List.of(boot("single", 1, false, Map.of()), boot("root", 1, false, Map.of()),
                boot("middle", 1, false, Map.of("root", Condition.READY)),
                boot("leaf", 1, false, Map.of("middle", Condition.READY)));
        Schedule schedule = Scheduler.of(demands, new Share(Cpus.of(9), ByteSize.ofGib(1)), 1, Estimates.ASSUMED,
                Set.of());
        assertEquals(List.of("root", "middle", "leaf", "single"), order(schedule));
        assertEquals(List.of(0L, 3L, 6L, 9L), schedule.waves().stream().map(wave -> wave.at().toSeconds()).toList());
        assertEquals(Duration.ofSeconds(12), schedule.makespan());
    }

    @Test
    void whoHoldsWhatOthersWaitForStopsFirst() {
        Share one = new Share(Cpus.of(1), ByteSize.ofMib(1));
        Share three = new Share(Cpus.of(3), ByteSize.ofMib(3));
        Demand grows = new Demand("grows", Kind.BOOTS, one, three, false, true, new TreeMap<>());
        Demand shrinks = new Demand("shrinks", Kind.BOOTS, three, one, false, true,
                new TreeMap<>(Map.of("grows", Condition.READY)));
        Schedule schedule = Scheduler.of(List.of(grows, shrinks), new Share(Cpus.of(4), ByteSize.ofMib(4)), 4,
                Estimates.ASSUMED, Set.of());
        assertEquals(List.of("grows", "shrinks"), order(schedule));
        assertEquals(List.of("shrinks"), schedule.stopFirstByName(), "that is enough");
    }

    /** To stop it would help nobody, and it would not come up again. */
    @Test
    void whoWaitsInVainIsNotStopped() {
        Demand service = boot("service", 1, false, Map.of());
        Demand waits = new Demand("waits", Kind.BOOTS, service.wanted(), service.wanted(), false, true,
                new TreeMap<>(Map.of("service", Condition.COMPLETED)));
        Demand behind = new Demand("behind", Kind.BOOTS, service.wanted(), service.wanted(), false, true,
                new TreeMap<>(Map.of("waits", Condition.READY)));
        Schedule schedule = Scheduler.of(List.of(service, waits, behind), new Share(Cpus.of(4), ByteSize.ofMib(4)), 4,
                Estimates.ASSUMED, Set.of());
        assertEquals(List.of("service"), order(schedule));
        assertEquals(List.of(), schedule.stopFirstByName());
    }

    @Test
    void jobsQueueForWhatOthersReturn() {
        Schedule schedule = Scheduler.of(
                List.of(boot("a", 2, true, Map.of()), boot("b", 2, true, Map.of()), boot("c", 2, true, Map.of())),
                new Share(Cpus.of(4), ByteSize.ofMib(9)), 4, Estimates.ASSUMED, Set.of());
        assertEquals(List.of(2, 1), schedule.waves().stream().map(wave -> wave.bookings().size()).toList());
        assertEquals(Duration.ofSeconds(66), schedule.makespan());
    }
}
