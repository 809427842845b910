package dev.provision.planner.capacity;

import java.util.ArrayList;
import java.util.List;

import dev.provision.schema.units.Cpus;

/** One change that by itself makes everything fit, and no smaller one of its kind does. Its text is an imperative. */
sealed interface Remedy {

    /** Fewer machines of an entry with {@code count}. */
    record LowerCount(String entry, int from, int to) implements Remedy {
        @Override
        public String toString() {
            return "lower `count` of `" + entry + "` from " + from + " to " + to;
        }
    }

    /**
     * Smaller requests of every machine of an entry.
     *
     * @param by
     *            for one machine
     * @param to
     *            what is requested then
     */
    record LowerRequest(String entry, Share by, Share to) implements Remedy {
        @Override
        public String toString() {
            List<String> parts = new ArrayList<>();
            if (!by.memory().isZero()) {
                parts.add("the memory request of `" + entry + "` by " + by.memory().mib() + " MiB to "
                        + to.memory());
            }
            if (by.cpus().millis() > 0) {
                parts.add((parts.isEmpty() ? "the CPU request of `" + entry + "`" : "its CPU request") + " by "
                        + by.cpus() + " to " + to.cpus());
            }
            return "lower " + String.join(" and ", parts);
        }
    }

    /** Machines of several entries go; these are the largest, so with fewer it cannot be done. */
    record LeaveOut(List<String> machines) implements Remedy {

        private static final int MOST_NAMED = 5;

        public LeaveOut {
            machines = List.copyOf(machines);
        }

        @Override
        public String toString() {
            String more = machines.size() > MOST_NAMED ? ", …" : "";
            return "leave out " + (machines.size() == 1 ? "1 machine" : "at least " + machines.size() + " machines")
                    + ", such as " + String.join(", ", machines.subList(0, Math.min(MOST_NAMED, machines.size())))
                    + more;
        }
    }

    /** A fixed pool that holds everything; it counts requests alone. */
    record FixedPool(Share size) implements Remedy {
        @Override
        public String toString() {
            Cpus cpus = size.cpus();
            return "take a pool of at least --cpus " + cpus + " --mem " + size.memory().canonical();
        }
    }
}
