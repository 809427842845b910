package dev.provision.provisioner.watch;

import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Who is brought up again when: at once the first time, then after 1, 2, 4 … seconds, at most 5 minutes, until it has been up
 * for 10 minutes. So a machine that ends again and again costs the others little. Pure: times are given.
 */
final class Backoff {

    private static final Duration FIRST = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofMinutes(5);
    private static final Duration STABLE = Duration.ofMinutes(10);
    private static final int MOST_DOUBLINGS = 20;

    /** @param failures in a row */
    private record History(int failures, Instant notBefore) {}

    private final Map<String, History> histories = new HashMap<>();

    /**
     * It was up and has ended.
     *
     * @return how long it waits before it is started again; zero the first time
     */
    Duration ended(String machine, Instant now) {
        int failures = before(machine, now) + 1;
        return note(machine, failures, failures == 1 ? Duration.ZERO : pause(failures - 1), now);
    }

    /**
     * It could not be brought to where it should be.
     *
     * @return how long it waits before the next try
     */
    Duration failed(String machine, Instant now) {
        int failures = before(machine, now) + 1;
        return note(machine, failures, pause(failures), now);
    }

    private int before(String machine, Instant now) {
        History history = histories.get(machine);
        return history == null || Duration.between(history.notBefore(), now).compareTo(STABLE) >= 0 ? 0
                : history.failures();
    }

    private Duration note(String machine, int failures, Duration pause, Instant now) {
        histories.put(machine, new History(failures, now.plus(pause)));
        return pause;
    }

    private static Duration pause(int failure) {
        Duration pause = FIRST.multipliedBy(1L << Math.min(failure - 1, MOST_DOUBLINGS));
        return pause.compareTo(LONGEST) > 0 ? LONGEST : pause;
    }

    /** The manifest says something else of it now: what was is no reason to wait any more. */
    void forget() {
        histories.clear();
    }

    /** Who waits, and until when. */
    SortedMap<String, Instant> heldBack(Instant now) {
        SortedMap<String, Instant> held = new TreeMap<>();
        histories.forEach((machine, history) -> {
            if (history.notBefore().isAfter(now)) {
                held.put(machine, history.notBefore());
            }
        });
        return Collections.unmodifiableSortedMap(held);
    }

    /** When the next one's waiting is over; empty when nobody waits. */
    Optional<Instant> next(Instant now) {
        return heldBack(now).values().stream().min(Instant::compareTo);
    }
}
