package dev.provision.provisioner.views.graph;

import java.util.List;
import java.util.function.LongFunction;
import java.util.function.ToLongFunction;

import dev.provision.planner.capacity.ResourcePool;
import dev.provision.planner.capacity.Share;
import dev.provision.planner.schedule.Level;
import dev.provision.schema.units.Cpus;

/**
 * How much of one resource all machines hold, as steps over time, under the line that is the pool.
 *
 * @param name
 *            also its style
 * @param pool
 *            in the unit of {@code amount}
 * @param amount
 *            MiB, or thousandths of a CPU
 * @param peak
 *            the most of {@code amount}
 * @param steps
 *            of the scale at its side: the finest that leaves room is taken
 */
record PoolCurve(String name, long pool, List<Level> levels, ToLongFunction<Level> amount, long peak,
        LongFunction<String> text,
        List<Long> steps, TimeAxis axis) {

    static final int HEIGHT = 96;

    private static final int MOST_STEPS = 4;

    static PoolCurve memory(ResourcePool pool, List<Level> levels, TimeAxis axis) {
        ToLongFunction<Level> amount = level -> level.held().memory().mib();
        return new PoolCurve("memory", pool.size().memory().mib(), levels, amount, peak(levels, amount),
                mib -> mib + " MiB",
                List.of(64L, 128L, 256L, 512L, 1L << 10, 2L << 10, 4L << 10, 8L << 10, 16L << 10, 32L << 10, 64L << 10,
                        128L << 10, 256L << 10, 512L << 10, 1L << 20),
                axis);
    }

    static PoolCurve cpus(ResourcePool pool, List<Level> levels, TimeAxis axis) {
        ToLongFunction<Level> amount = level -> level.held().cpus().millis();
        return new PoolCurve("cpus", pool.size().cpus().millis(), levels, amount, peak(levels, amount), PoolCurve::cpus,
                List.of(250L, 500L, 1_000L, 2_000L, 4_000L, 8_000L, 16_000L, 32_000L, 64_000L, 128_000L, 256_000L,
                        512_000L),
                axis);
    }

    private static String cpus(long millis) {
        return Share.text(new Cpus((int) millis));
    }

    private static long peak(List<Level> levels, ToLongFunction<Level> amount) {
        return levels.stream().mapToLong(amount).max().orElse(0);
    }

    /** A little more than whatever is the most: pool or curve. */
    private long scale() {
        long most = Math.max(1, Math.max(pool, peak));
        return most + most / 10 + 1;
    }

    void draw(double top, Sketch sketch) {
        double bottom = top + HEIGHT;
        sketch.group(name, heading());
        sketch.text(axis.left(), top - 8, heading(), "strong symbol");
        scale(bottom, sketch);
        sketch.path(curve(bottom) + "V" + Markup.number(bottom) + "H" + axis.left() + "Z", "area");
        sketch.path(curve(bottom), "curve");
        sketch.end();
        sketch.line(axis.left(), bottom, axis.right(), bottom, "axis");
        sketch.line(axis.left(), top, axis.left(), bottom, "axis");
        double limit = y(pool, bottom);
        sketch.line(axis.left(), limit, axis.right(), limit, "pool");
        sketch.text(axis.right() + 8, limit + 4, "pool " + text.apply(pool), "small limit");
    }

    /** {@code memory held: at most 2432 MiB, 79 % of the pool}. */
    private String heading() {
        return (name.equals("cpus") ? "CPUs" : name) + " held: at most " + text.apply(peak)
                + (pool > 0 ? ", " + Math.round(100.0 * peak / pool) + " % of the pool" : "");
    }

    private void scale(double bottom, Sketch sketch) {
        long step = steps.stream()
                .filter(candidate -> scale() / candidate <= MOST_STEPS)
                .findFirst()
                .orElse(steps.getLast() * (scale() / steps.getLast() / MOST_STEPS + 1));
        for (long at = step; at < scale(); at += step) {
            sketch.line(axis.left(), y(at, bottom), axis.right(), y(at, bottom), "grid");
            sketch.text(axis.left() - 6.0, y(at, bottom) + 4, text.apply(at), "small dim", "end");
        }
    }

    private double y(long value, double bottom) {
        return bottom - (double) HEIGHT * value / scale();
    }

    private String curve(double bottom) {
        StringBuilder data = new StringBuilder();
        for (Level level : levels) {
            String y = Markup.number(y(amount.applyAsLong(level), bottom));
            data.append(data.isEmpty() ? "M" + axis.left() + " " + y
                    : "H" + Markup.number(axis.x(level.at())) + "V" + y);
        }
        return data.append('H').append(Markup.number(axis.right())).toString();
    }
}
