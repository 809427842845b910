package dev.provision.planner.schedule;

import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

import dev.provision.planner.capacity.Share;

/** Makes the boot plan. Pure: the same demands, pool and estimates give the same schedule. */
public final class Scheduler {

    /** Above this, one order is enough: the more machines, the less the order matters. */
    private static final int MOST_TO_TRY = 2_000;

    /** Above this, to look at each by itself would take too long. */
    private static final int MOST_TO_STOP_SINGLY = 50;

    private Scheduler() {}

    /**
     * The schedule with the shortest makespan of those tried.
     *
     * @param demands
     *            dependencies before dependents; those that will run for good must fit {@code pool} together, and each job
     *            beside them, or some are never admitted and have no booking
     * @param slots
     *            how many machines may boot at the same time, at least 1
     * @param givers
     *            names of machines that have something else which others wait for: those that stop do so first
     */
    public static Schedule of(List<Demand> demands, Share pool, int slots, Estimates estimates, Set<String> givers) {
        Set<String> stopFirst = demands.stream()
                .filter(demand -> demand.stoppable() && givers.contains(demand.machine()))
                .map(Demand::machine)
                .collect(Collectors.toSet());
        Ranking ranking = new Ranking(demands, pool, estimates);
        List<Comparator<Demand>> orders = ranking.orders();
        Attempt first = attempt(demands, pool, slots, estimates, ranking.ranks(orders.getFirst()), stopFirst);
        if (!first.contended() || demands.size() > MOST_TO_TRY) {
            return first.schedule();
        }
        return orders.stream()
                .skip(1)
                .map(order -> attempt(demands, pool, slots, estimates, ranking.ranks(order), stopFirst).schedule())
                .filter(schedule -> schedule.bookings().size() >= first.schedule().bookings().size())
                .min(Comparator.comparing(Schedule::makespan))
                .filter(other -> other.makespan().compareTo(first.schedule().makespan()) < 0)
                .orElse(first.schedule());
    }

    private record Attempt(Schedule schedule, boolean contended) {}

    /** Where machines wait for each other, those that run stop first, and all begins anew. */
    private static Attempt attempt(List<Demand> demands, Share pool, int slots, Estimates estimates,
            Map<String, Integer> ranks, Set<String> givers) {
        Set<String> stopFirst = new HashSet<>(givers);
        while (true) {
            Simulation simulation = new Simulation(demands, pool, slots, estimates, ranks, stopFirst);
            simulation.run();
            List<String> blocking = simulation.blocking();
            if (blocking.isEmpty()) {
                return new Attempt(simulation.schedule(), simulation.isContended());
            }
            // One is often enough, and nobody is to stop in vain; the last depends on most. Of very many, all at once.
            stopFirst.addAll(blocking.size() > MOST_TO_STOP_SINGLY ? blocking : List.of(blocking.getLast()));
        }
    }
}
