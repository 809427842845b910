package dev.provision.provisioner.views.graph;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import dev.provision.schema.fleet.Condition;

/** A row for each machine: it waits, boots, runs and, as a job, ends. Arrows lead from what is waited for. */
final class Gantt {

    /** More would be taller than anybody scrolls; the curves below are of all machines. */
    static final int MOST_ROWS = 200;

    private static final int ROW = 24;
    private static final int BAR = 14;
    private static final int MOST_ARROWS = 400;

    private final List<Lane> lanes;
    private final int all;
    private final TimeAxis axis;
    private final double sizes;
    private final double top;
    private final String arrow;

    /**
     * @param lanes
     *            those that are drawn
     * @param all
     *            how many there are
     * @param sizes
     *            where what machines hold is written
     */
    Gantt(List<Lane> lanes, int all, TimeAxis axis, double sizes, double top, String arrow) {
        this.lanes = lanes;
        this.all = all;
        this.axis = axis;
        this.sizes = sizes;
        this.top = top;
        this.arrow = arrow;
    }

    double bottom() {
        return top + ROW * (lanes.size() + (all > lanes.size() ? 1 : 0));
    }

    void draw(Sketch sketch) {
        for (int i = 0; i < lanes.size(); i++) {
            row(lanes.get(i), top + ROW * i, sketch);
        }
        if (all > lanes.size()) {
            sketch.text(16, bottom() - 8, "and " + (all - lanes.size()) + " more, not drawn", "dim");
        }
        arrows(sketch);
        sketch.line(axis.left(), top - 8, axis.left(), bottom(), "axis");
    }

    private void row(Lane lane, double y, Sketch sketch) {
        double middle = y + ROW / 2.0;
        sketch.group(lane.disruption().word(), lane.tip());
        sketch.text(16, middle + 4, lane.disruption().symbol(), "symbol");
        sketch.text(Timeline.NAMES, middle + 4, lane.label(), "strong");
        sketch.text(sizes, middle + 4, lane.size(), "small dim");
        double from = axis.x(lane.busyFrom());
        double ready = axis.x(lane.busyUntil());
        double barTop = middle - BAR / 2.0;
        if (lane.runsBefore()) {
            sketch.rectangle(axis.left(), barTop + 4, from - axis.left(), BAR - 8, "run");
        } else {
            sketch.line(axis.left(), middle, from, middle, "queue");
        }
        double end = lane.runsUntil().map(axis::x).orElse(axis.right());
        if (lane.runsAfter()) {
            sketch.rectangle(ready, barTop, end - ready, BAR, "run");
            lane.runsUntil().ifPresent(_ -> sketch.line(end, barTop - 2, end, barTop + BAR + 2, "end"));
        }
        sketch.rectangle(from, barTop, Math.max(2, ready - from), BAR, "boot");
        sketch.end();
    }

    private void arrows(Sketch sketch) {
        Map<String, Integer> rows = new HashMap<>();
        for (int i = 0; i < lanes.size(); i++) {
            rows.put(lanes.get(i).machine(), i);
        }
        int drawn = 0;
        for (int to = 0; to < lanes.size(); to++) {
            for (Map.Entry<String, Condition> wait : lanes.get(to).dependsOn().entrySet()) {
                Integer from = rows.get(wait.getKey());
                if (from != null && drawn < MOST_ARROWS && arrow(from, to, wait.getValue(), sketch)) {
                    drawn++;
                }
            }
        }
    }

    /** From the instant at which the condition is reached down to the row, then to where its bar begins. */
    private boolean arrow(int from, int to, Condition condition, Sketch sketch) {
        Duration admitted = lanes.get(to).busyFrom();
        Duration reached = lanes.get(from).reaches(condition).orElse(admitted.plusMillis(1));
        if (reached.compareTo(admitted) > 0) {
            return false;
        }
        double down = to > from ? 1 : -1;
        double y1 = top + ROW * (from + 0.5) + down * BAR / 2;
        double y2 = top + ROW * (to + 0.5);
        double x1 = axis.x(reached);
        double x2 = axis.x(admitted);
        String data = x2 - x1 < 8
                ? "M" + Sketch.point(x2 + 1, y1) + "V" + Markup.number(y2 - down * BAR / 2)
                : "M" + Sketch.point(x1, y1) + "V" + Markup.number(y2) + "H" + Markup.number(x2);
        sketch.arrow(data, "wait " + Graph.word(condition), arrow);
        return true;
    }
}
