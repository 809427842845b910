package dev.provision.planner.schedule;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;

import dev.provision.planner.capacity.Share;
import dev.provision.planner.schedule.Demand.Kind;
import dev.provision.schema.fleet.Condition;
import dev.provision.schema.units.ByteSize;
import dev.provision.schema.units.Cpus;

/** Fleets at random, with the pool that just proves to hold them: services together, each job beside them. */
record RandomDemands(List<Demand> demands, Share pool, int slots, Estimates estimates) {

    static RandomDemands of(Random random, int machines) {
        List<Demand> demands = new ArrayList<>();
        Share services = Share.NOTHING;
        Share largestJob = Share.NOTHING;
        Share heldByLeavers = Share.NOTHING;
        for (int i = 0; i < machines; i++) {
            Demand demand = demand(random, "m" + i, demands);
            demands.add(demand);
            if (demand.kind() == Kind.LEAVES) {
                heldByLeavers = heldByLeavers.plus(demand.held());
            } else if (demand.job()) {
                largestJob = largestJob.max(demand.wanted());
            } else {
                services = services.plus(demand.wanted());
            }
        }
        Share pool = services.plus(largestJob).plus(random.nextBoolean() ? heldByLeavers : Share.NOTHING);
        return new RandomDemands(demands, pool, 1 + random.nextInt(6), estimates(random, demands));
    }

    /** Jobs that are all to run, of every size up to a part of the pool. */
    static RandomDemands jobs(Random random, int machines, int part) {
        Share pool = share(64_000, 128 * 1024);
        List<Demand> demands = new ArrayList<>();
        for (int i = 0; i < machines; i++) {
            Share wanted = share(1 + random.nextInt(64_000 / part), 1 + random.nextInt(128 * 1024 / part));
            demands.add(new Demand("job-" + i, Kind.BOOTS, Share.NOTHING, wanted, true, true, new TreeMap<>()));
        }
        return new RandomDemands(demands, pool, machines, estimates(random, demands));
    }

    private static Demand demand(Random random, String machine, List<Demand> before) {
        Kind kind = any(random, List.of(Kind.values()));
        boolean job = kind != Kind.LEAVES && random.nextInt(3) == 0;
        Share some = share(100 * (1 + random.nextInt(20)), 64 * (1 + random.nextInt(20)));
        Share other = share(100 * (1 + random.nextInt(20)), 64 * (1 + random.nextInt(20)));
        return switch (kind) {
            case KEPT -> new Demand(machine, kind, some, some, job, true, new TreeMap<>());
            case LEAVES -> new Demand(machine, kind, some, Share.NOTHING, false, true, new TreeMap<>());
            case CHANGES -> new Demand(machine, kind, some, random.nextInt(4) == 0 && !job ? Share.NOTHING : other,
                    job, true, new TreeMap<>());
            case BOOTS -> new Demand(machine, kind, random.nextBoolean() ? Share.NOTHING : other, some, job, true,
                    dependsOn(random, before));
        };
    }

    private static SortedMap<String, Condition> dependsOn(Random random, List<Demand> before) {
        SortedMap<String, Condition> dependsOn = new TreeMap<>();
        for (int i = 0; i < 2 && !before.isEmpty(); i++) {
            Demand dependency = before.get(random.nextInt(before.size()));
            if (dependency.kind() != Kind.LEAVES && random.nextBoolean()) {
                dependsOn.put(dependency.machine(), any(random, dependency.job() ? List.of(Condition.values())
                        : List.of(Condition.STARTED, Condition.READY)));
            }
        }
        return dependsOn;
    }

    private static <T> T any(Random random, List<T> of) {
        return of.get(random.nextInt(of.size()));
    }

    private static Estimates estimates(Random random, List<Demand> demands) {
        Map<String, Duration> boots = new HashMap<>();
        Map<String, Duration> runs = new HashMap<>();
        for (Demand demand : demands) {
            boots.put(demand.machine(), Duration.ofMillis(500 + random.nextInt(4_000)));
            runs.put(demand.machine(), Duration.ofMillis(1_000 + random.nextInt(60_000)));
        }
        return new Estimates(boots, Duration.ofSeconds(3), runs, Duration.ofSeconds(30), "invented");
    }

    private static Share share(int millis, int mib) {
        return new Share(new Cpus(millis), ByteSize.ofMib(mib));
    }
}
