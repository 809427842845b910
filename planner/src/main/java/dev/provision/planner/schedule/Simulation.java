package dev.provision.planner.schedule;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;

import dev.provision.planner.capacity.Share;
import dev.provision.planner.schedule.Demand.Kind;
import dev.provision.schema.fleet.Condition;

/** A run as it would be if everything took as long as estimated. Times are milliseconds from its beginning. */
final class Simulation {

    private record Event(long at, long number, Runnable what) {}

    private final PriorityQueue<Event> events = new PriorityQueue<>(
            Comparator.comparingLong(Event::at).thenComparingLong(Event::number));
    private final Map<String, Way> ways = new HashMap<>();
    private final List<Way> inOrder = new ArrayList<>();
    private final List<Booking> bookings = new ArrayList<>();
    private final List<Level> levels = new ArrayList<>();
    private final AdmissionQueue queue;
    private final Estimates estimates;
    private final Map<String, Integer> ranks;
    private final Set<String> stopFirst;
    private long now;
    private long numbers;
    private long makespan;
    private int booting;
    private boolean contended;

    Simulation(List<Demand> demands, Share pool, int slots, Estimates estimates, Map<String, Integer> ranks,
            Set<String> stopFirst) {
        this.queue = new AdmissionQueue(pool, slots);
        this.estimates = estimates;
        this.ranks = ranks;
        this.stopFirst = Set.copyOf(stopFirst);
        for (Demand demand : demands) {
            Way way = new Way(demand);
            ways.put(demand.machine(), way);
            inOrder.add(way);
            queue.hold(demand.held());
        }
    }

    /** Everything happens that can. */
    void run() {
        inOrder.forEach(this::connect);
        boolean some = false;
        for (Way way : inOrder) {
            if (way.demand.kind() == Kind.LEAVES) {
                some = true;
                after(Estimates.STOP, () -> leave(way));
            }
        }
        after(some ? Estimates.STOP : Duration.ZERO, this::begin);
        while (!events.isEmpty()) {
            now = events.element().at();
            while (!events.isEmpty() && events.element().at() == now) {
                events.remove().what().run();
            }
            queue.admit().forEach(ticket -> admitted(way(ticket.machine()), ticket.share()));
            contended |= !queue.isEmpty();
            levels.add(new Level(Duration.ofMillis(now), queue.held(), booting));
        }
    }

    private void connect(Way way) {
        if (way.demand.kind() != Kind.BOOTS) {
            return;
        }
        way.demand.dependsOn().forEach((name, condition) -> {
            Way dependency = ways.get(name);
            if (dependency != null) {
                way.inVain |= dependency.inVain || (condition == Condition.COMPLETED && !dependency.demand.job());
                dependency.dependents.add(new Way.Dependent(way, condition));
                way.awaited++;
            }
        });
    }

    private void begin() {
        for (Way way : inOrder) {
            switch (way.demand.kind()) {
                case LEAVES -> {
                }
                case KEPT -> up(way);
                case CHANGES -> {
                    if (way.demand.job() && way.isWatchedAlready()) {
                        way.endsAt = now + estimates.run(way.demand.machine()).toMillis();
                        after(estimates.run(way.demand.machine()), () -> end(way));
                    }
                    if (stopFirst.contains(way.demand.machine())) {
                        giveSurplus(way);
                    }
                    queue.add(new Ticket(way.demand.machine(), way.demand.growth(), rank(way), false));
                }
                case BOOTS -> comeDown(way);
            }
        }
    }

    /** What it will not hold any more counts as given back before it waits for what it needs. */
    private void giveSurplus(Way way) {
        Share surplus = way.held.minus(way.demand.wanted());
        queue.release(surplus);
        way.held = way.held.minus(surplus);
    }

    private void comeDown(Way way) {
        if (stopFirst.contains(way.demand.machine())) {
            after(Estimates.STOP, () -> {
                leave(way);
                proceed(way);
            });
        } else {
            proceed(way);
        }
    }

    private void proceed(Way way) {
        if (--way.awaited == 0) {
            enqueue(way);
        }
    }

    private void enqueue(Way way) {
        queue.add(new Ticket(way.demand.machine(), way.demand.wanted().minus(way.held), rank(way), true));
    }

    private int rank(Way way) {
        return Objects.requireNonNull(ranks.get(way.demand.machine()));
    }

    private Way way(String machine) {
        return Objects.requireNonNull(ways.get(machine));
    }

    private void admitted(Way way, Share more) {
        way.admitted = true;
        boolean boots = way.demand.kind() == Kind.BOOTS;
        boolean stops = !way.held.equals(Share.NOTHING);
        way.held = way.held.plus(more);
        String machine = way.demand.machine();
        Duration takes = boots ? estimates.boot(machine).plus(stops ? Estimates.STOP : Duration.ZERO)
                : Estimates.CHANGE;
        long ready = now + takes.toMillis();
        Optional<Duration> until = way.demand.job() && !way.demand.wanted().equals(Share.NOTHING)
                ? Optional.of(way.isWatchedAlready() ? Duration.ofMillis(Math.max(ready, way.endsAt))
                        : Duration.ofMillis(ready).plus(estimates.run(machine)))
                : Optional.empty();
        bookings.add(new Booking(machine, way.demand.wanted(), boots, Duration.ofMillis(now), Duration.ofMillis(ready),
                until));
        makespan = Math.max(makespan, until.map(Duration::toMillis).orElse(ready));
        if (boots) {
            booting++;
            reach(way, Condition.STARTED);
        }
        after(takes, () -> ready(way, boots));
    }

    private void ready(Way way, boolean booted) {
        if (booted) {
            booting--;
            queue.returnSlot();
        }
        if (way.ended) {
            leave(way);
        } else {
            queue.release(way.held.minus(way.demand.wanted()));
            way.held = way.demand.wanted();
        }
        up(way);
    }

    /** It is as wanted; what waits for it goes on, and a job ends some time later. */
    private void up(Way way) {
        reach(way, Condition.STARTED);
        reach(way, Condition.READY);
        if (!way.demand.job() || way.isWatchedAlready()) {
            return;
        }
        if (way.held.equals(Share.NOTHING)) {
            reach(way, Condition.COMPLETED);
        } else {
            after(estimates.run(way.demand.machine()), () -> end(way));
        }
    }

    /** A job has ended, whatever is being done to it. */
    private void end(Way way) {
        way.ended = true;
        leave(way);
        reach(way, Condition.COMPLETED);
    }

    private void leave(Way way) {
        queue.release(way.held);
        way.held = Share.NOTHING;
    }

    private void reach(Way way, Condition condition) {
        way.dependents.stream()
                .filter(dependent -> dependent.condition() == condition)
                .forEach(dependent -> proceed(dependent.way()));
        way.dependents.removeIf(dependent -> dependent.condition() == condition);
    }

    private void after(Duration delay, Runnable what) {
        events.add(new Event(now + delay.toMillis(), numbers++, what));
    }

    boolean isContended() {
        return contended;
    }

    /** Machines that hold what they could give back although they wait, when nothing else happens any more; in order. */
    List<String> blocking() {
        return inOrder.stream()
                .filter(way -> !way.admitted && !way.inVain && way.holdsTooMuch())
                .map(way -> way.demand.machine())
                .toList();
    }

    Schedule schedule() {
        return new Schedule(bookings, levels, ranks, stopFirst, Duration.ofMillis(makespan), estimates.basis());
    }
}
