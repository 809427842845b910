package dev.provision.planner.schedule;

import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import dev.provision.planner.capacity.Share;
import dev.provision.schema.fleet.Condition;

/**
 * Who comes first where not everybody has room. Whoever has the longest way behind it: its own boot, its job, and the
 * longest way of those that wait for it. No one order is the best for every fleet, so there are others to try.
 */
final class Ranking {

    private final List<Demand> demands;
    private final Map<String, Long> ways = new HashMap<>();
    private final Map<String, Double> weights = new HashMap<>();
    private final Map<String, Long> lengths = new HashMap<>();

    /** @param demands dependencies before dependents */
    Ranking(List<Demand> demands, Share pool, Estimates estimates) {
        this.demands = demands;
        Map<String, Long> behind = new HashMap<>();
        for (Demand demand : demands.reversed()) {
            String machine = demand.machine();
            long boot = estimates.boot(machine).toMillis();
            long length = boot + (demand.job() ? estimates.run(machine).toMillis() : 0);
            long way = Math.max(length, behind.getOrDefault(machine, 0L));
            lengths.put(machine, length);
            ways.put(machine, way);
            weights.put(machine, weight(demand.wanted(), pool));
            demand.dependsOn()
                    .forEach((dependency, condition) -> behind.merge(dependency,
                            way + until(condition, dependency, estimates), Math::max));
        }
    }

    private static long until(Condition condition, String dependency, Estimates estimates) {
        Duration boot = estimates.boot(dependency);
        return switch (condition) {
            case STARTED -> 0;
            case READY -> boot.toMillis();
            case COMPLETED -> boot.plus(estimates.run(dependency)).toMillis();
        };
    }

    /** The larger part of the pool that it takes, 0 to 1. */
    private static double weight(Share share, Share pool) {
        double cpus = (double) share.cpus().millis() / Math.max(1, pool.cpus().millis());
        double memory = (double) share.memory().bytes() / Math.max(1, pool.memory().bytes());
        return Math.max(cpus, memory);
    }

    /** The orders worth trying, the usual one first. Each is total, so that the same fleet has the same plan. */
    List<Comparator<Demand>> orders() {
        Comparator<Demand> longestWay = Comparator
                .comparingLong((Demand demand) -> ways.getOrDefault(demand.machine(), 0L))
                .reversed();
        Comparator<Demand> largest = Comparator
                .comparingDouble((Demand demand) -> weights.getOrDefault(demand.machine(), 0.0))
                .reversed();
        Comparator<Demand> largestArea = Comparator.comparingDouble((Demand demand) -> area(demand.machine()))
                .reversed();
        return List.of(longestWay.thenComparing(largest), largestArea.thenComparing(longestWay),
                largest.thenComparing(longestWay));
    }

    private double area(String machine) {
        return weights.getOrDefault(machine, 0.0) * lengths.getOrDefault(machine, 0L);
    }

    /** Whoever needs no boot slot comes before all others: it is done at once. */
    Map<String, Integer> ranks(Comparator<Demand> order) {
        Map<String, Integer> ranks = new HashMap<>();
        demands.stream()
                .sorted(Comparator.comparing((Demand demand) -> demand.kind() == Demand.Kind.BOOTS)
                        .thenComparing(order)
                        .thenComparing(Demand::machine))
                .forEach(demand -> ranks.put(demand.machine(), ranks.size()));
        return ranks;
    }
}
