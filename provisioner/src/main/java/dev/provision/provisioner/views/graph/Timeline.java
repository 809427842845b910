package dev.provision.provisioner.views.graph;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import dev.provision.planner.capacity.Share;
import dev.provision.planner.diff.Disruption;
import dev.provision.planner.plan.Plan;
import dev.provision.planner.schedule.Level;
import dev.provision.planner.schedule.Schedule;
import dev.provision.provisioner.views.Printable;

/** A Gantt chart of the machines that something happens to, and below it what all machines hold of the pool. */
final class Timeline {

    private static final int WIDTH = 1120;
    private static final int RIGHT_MARGIN = 110;
    private static final int TOP = 128;
    /** Where names begin, after the symbols of classes. */
    static final int NAMES = 40;
    private static final String ARROW = "timeline-arrow";

    private Timeline() {}

    /** Whether anything happens at a known time. */
    static boolean isThere(Plan plan) {
        return !plan.isRefused() && !plan.actions().isEmpty() && !plan.schedule().levels().isEmpty();
    }

    static Figure of(Plan plan) {
        List<Lane> lanes = Lane.of(plan);
        List<Lane> shown = lanes.subList(0, Math.min(Gantt.MOST_ROWS, lanes.size()));
        double sizes = NAMES + shown.stream().mapToDouble(lane -> Sketch.widthOf(lane.label())).max().orElse(0) + 12;
        double left = sizes + shown.stream().mapToDouble(lane -> Sketch.widthOf(lane.size())).max().orElse(0);
        TimeAxis axis = TimeAxis.until(end(plan.schedule()), (int) left, WIDTH - RIGHT_MARGIN - (int) left);
        Sketch sketch = new Sketch().arrowHead(ARROW);
        heading(plan, sketch);
        Gantt gantt = new Gantt(shown, lanes.size(), axis, sizes, TOP, ARROW);
        double memoryTop = gantt.bottom() + 40;
        double cpusTop = memoryTop + PoolCurve.HEIGHT + 36;
        double bottom = cpusTop + PoolCurve.HEIGHT;
        grid(axis, bottom, sketch);
        gantt.draw(sketch);
        List<Level> levels = levels(plan);
        PoolCurve.memory(plan.pool(), levels, axis).draw(memoryTop, sketch);
        PoolCurve.cpus(plan.pool(), levels, axis).draw(cpusTop, sketch);
        return new Figure("timeline", Graph.title(plan), description(plan, lanes), WIDTH, bottom + 34,
                sketch.toString());
    }

    private static Duration end(Schedule schedule) {
        Duration last = schedule.levels().getLast().at();
        return last.compareTo(schedule.makespan()) > 0 ? last : schedule.makespan();
    }

    /** While machines that go are stopped, nothing is admitted: until then, what was held is held. */
    private static List<Level> levels(Plan plan) {
        List<Level> levels = new ArrayList<>(plan.schedule().levels());
        if (!levels.getFirst().at().isZero()) {
            Share held = plan.changes()
                    .stream()
                    .map(change -> change.demand(plan.pool()).held())
                    .reduce(Share.NOTHING, Share::plus);
            levels.addFirst(new Level(Duration.ZERO, held, 0));
        }
        return levels;
    }

    private static void heading(Plan plan, Sketch sketch) {
        sketch.text(16, 30, Graph.title(plan), "heading");
        long unchanged = plan.count(Disruption.KEEP);
        String basis = plan.schedule().basis().isEmpty() ? ""
                : "times: " + Printable.line(plan.schedule().basis());
        String line = Stream.of("pool: " + plan.pool(), basis, unchanged == 0 ? "" : unchanged + " unchanged")
                .filter(part -> !part.isEmpty())
                .reduce((a, b) -> a + "; " + b)
                .orElse("");
        sketch.text(16, 51, Markup.clipped(line, 155), "dim");
        Legend.draw(plan, 16, 76, ARROW, sketch);
    }

    private static void grid(TimeAxis axis, double bottom, Sketch sketch) {
        for (TimeAxis.Tick tick : axis.ticks()) {
            sketch.line(tick.x(), TOP - 8, tick.x(), bottom + 4, "grid");
            sketch.text(tick.x(), TOP - 14, tick.text(), "small dim", "middle");
            sketch.text(tick.x(), bottom + 19, tick.text(), "small dim", "middle");
        }
    }

    /** The same in words, which is what a screen reader reads. */
    private static String description(Plan plan, List<Lane> lanes) {
        StringBuilder text = new StringBuilder("Gantt chart of " + lanes.size()
                + " machines, and the memory and CPUs that all machines hold of a pool of " + plan.pool().size() + ".");
        lanes.stream().limit(20).forEach(lane -> text.append(' ').append(lane.tip()).append('.'));
        if (lanes.size() > 20) {
            text.append(" And ").append(lanes.size() - 20).append(" more.");
        }
        return text.toString();
    }
}
