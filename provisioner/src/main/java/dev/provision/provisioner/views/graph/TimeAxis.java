package dev.provision.provisioner.views.graph;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import dev.provision.provisioner.views.Elapsed;

/**
 * Time from left to right.
 *
 * @param left
 *            where the run begins, in pixels
 * @param width
 *            to the end of the axis, in pixels
 * @param step
 *            from tick to tick, in milliseconds
 * @param end
 *            of the axis, in milliseconds
 */
record TimeAxis(int left, int width, long step, long end) {

    private static final int MOST_TICKS = 12;
    private static final long SECOND = 1_000;
    private static final long MINUTE = 60 * SECOND;
    private static final long HOUR = 60 * MINUTE;
    private static final List<Long> STEPS = List.of(SECOND / 10, SECOND / 5, SECOND / 2, SECOND, 2 * SECOND,
            5 * SECOND, 10 * SECOND, 15 * SECOND, 30 * SECOND, MINUTE, 2 * MINUTE, 5 * MINUTE, 10 * MINUTE, 15 * MINUTE,
            30 * MINUTE, HOUR, 2 * HOUR, 6 * HOUR, 12 * HOUR, 24 * HOUR);

    /** An axis with room behind the makespan, so that what goes on is seen to go on. */
    static TimeAxis until(Duration makespan, int left, int width) {
        long end = Math.max(SECOND / 2, makespan.toMillis() + makespan.toMillis() / 12);
        long step = STEPS.stream()
                .filter(candidate -> end / candidate <= MOST_TICKS)
                .findFirst()
                .orElseGet(() -> (end / MOST_TICKS / STEPS.getLast() + 1) * STEPS.getLast());
        return new TimeAxis(left, width, step, end);
    }

    double x(Duration at) {
        return x(at.toMillis());
    }

    private double x(long millis) {
        return left + (double) width * Math.min(millis, end) / end;
    }

    double right() {
        return left + (double) width;
    }

    /** A place on the axis, and what stands there. */
    record Tick(double x, String text) {}

    List<Tick> ticks() {
        List<Tick> ticks = new ArrayList<>();
        for (long at = 0; at <= end; at += step) {
            ticks.add(new Tick(x(at), Elapsed.text(Duration.ofMillis(at))));
        }
        return ticks;
    }
}
