package dev.provision.provisioner.views.graph;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import dev.provision.planner.plan.Plan;
import dev.provision.provisioner.views.graph.Graph.Node;
import dev.provision.provisioner.views.graph.Layers.Route;
import dev.provision.provisioner.views.graph.Layers.Slot;

/**
 * Dependencies as boxes and arrows, from left to right. A column is one more step of waiting, not a wave of the boot plan:
 * machines that nothing happens to have no wave, and jobs that queue have one each. The wave stands in the box.
 */
final class Dependencies {

    /** Of the plan's machines, which have dependencies before dependents. */
    private static final int MOST_MACHINES = 200;
    private static final int LONGEST = 20;
    private static final int BOX_WIDTH = 196;
    private static final int BOX_HEIGHT = 58;
    private static final int BETWEEN_COLUMNS = 84;
    private static final int BETWEEN_ROWS = 16;
    private static final int PASS = 8;
    private static final int MARGIN = 16;
    private static final int TOP = 108;
    /** Machines without dependencies, in a row. */
    private static final int IN_A_ROW = 5;
    private static final String ARROW = "dependency-arrow";

    private final Graph graph;
    private final Layers layers;
    private final Map<Slot, Double> middles = new HashMap<>();
    private final Sketch sketch = new Sketch();
    private double bottom = TOP;
    private double right = 640;

    private Dependencies(Graph graph) {
        this.graph = graph;
        this.layers = Layers.of(graph);
    }

    static Figure of(Plan plan) {
        Graph all = Graph.of(plan);
        Dependencies picture = new Dependencies(all.first(MOST_MACHINES));
        picture.draw(plan, all);
        String title = "dependencies of fleet " + plan.fleet();
        return new Figure("dependencies", title, picture.description(), picture.right + MARGIN,
                picture.bottom + MARGIN, picture.sketch.toString());
    }

    private void draw(Plan plan, Graph all) {
        sketch.arrowHead(ARROW);
        sketch.text(MARGIN, 30, Graph.title(plan), "heading");
        String without = Graph.withoutSchedule(plan);
        sketch.text(MARGIN, 51, without.isEmpty() ? "what waits for what, from left to right" : without, "dim");
        Legend.classes(plan, MARGIN, 74, sketch);
        Legend.conditions(plan, MARGIN, 92, ARROW, sketch);
        place();
        layers.routes().forEach(this::arrow);
        middles.forEach((slot, middle) -> right = Math.max(right, left(slot.column) + BOX_WIDTH));
        layers.columns().forEach(column -> column.stream().filter(slot -> slot.node >= 0).forEach(this::box));
        alone();
        int left = all.nodes().size() - graph.nodes().size();
        if (left > 0) {
            bottom += 24;
            sketch.text(MARGIN, bottom, "and " + left + " more machines, not drawn", "dim");
        }
    }

    /** Each column in the middle of the highest one. */
    private void place() {
        double highest = layers.columns().stream().mapToDouble(Dependencies::height).max().orElse(0);
        for (List<Slot> column : layers.columns()) {
            double y = TOP + (highest - height(column)) / 2;
            for (Slot slot : column) {
                middles.put(slot, y + height(slot) / 2.0);
                y += height(slot) + BETWEEN_ROWS;
            }
        }
        bottom = TOP + highest;
    }

    private static double height(List<Slot> column) {
        return column.stream().mapToInt(slot -> height(slot) + BETWEEN_ROWS).sum() - (double) BETWEEN_ROWS;
    }

    private static int height(Slot slot) {
        return slot.node >= 0 ? BOX_HEIGHT : PASS;
    }

    private static double left(int column) {
        return MARGIN + (double) column * (BOX_WIDTH + BETWEEN_COLUMNS);
    }

    private double middle(Slot slot) {
        return middles.getOrDefault(slot, 0.0);
    }

    private void arrow(Route route) {
        List<Slot> slots = route.slots();
        double x = left(slots.getFirst().column) + BOX_WIDTH;
        double y = middle(slots.getFirst());
        StringBuilder data = new StringBuilder("M" + Sketch.point(x, y));
        for (Slot slot : slots.subList(1, slots.size())) {
            double x2 = left(slot.column);
            double y2 = middle(slot);
            double bend = Math.max(BETWEEN_COLUMNS / 2.0, Math.abs(x2 - x) / 2);
            data.append('C')
                    .append(Sketch.point(x + bend, y))
                    .append(' ')
                    .append(Sketch.point(x2 - bend, y2))
                    .append(' ')
                    .append(Sketch.point(x2, y2));
            if (slot.node < 0) {
                data.append('H').append(Markup.number(x2 + BOX_WIDTH));
            }
            x = x2 + BOX_WIDTH;
            y = y2;
        }
        sketch.arrow(data.toString(), "wait " + Graph.word(route.edge().condition()), ARROW);
    }

    private void box(Slot slot) {
        box(graph.nodes().get(slot.node), left(slot.column), middle(slot) - BOX_HEIGHT / 2.0);
    }

    private void box(Node node, double x, double y) {
        sketch.group(node.disruption().word(),
                node.machine() + ": " + node.fate() + (node.reason().isEmpty() ? "" : "; " + node.reason()));
        sketch.rectangle(x, y, BOX_WIDTH, BOX_HEIGHT, 6, "ground");
        sketch.rectangle(x, y, BOX_WIDTH, BOX_HEIGHT, 6, "box");
        sketch.text(x + 10, y + 19, node.disruption().symbol().strip(), "symbol");
        String name = Markup.shortened(node.machine(), LONGEST);
        sketch.text(x + (node.disruption().symbol().isBlank() ? 10 : 32), y + 19, name, "strong");
        sketch.text(x + 10, y + 35, node.fate(), "small");
        sketch.text(x + 10, y + 50, Markup.clipped(node.size(), 32), "small dim");
        sketch.end();
    }

    private void alone() {
        List<Integer> alone = layers.alone();
        if (alone.isEmpty()) {
            return;
        }
        double y = layers.columns().isEmpty() ? TOP : bottom + 44;
        if (!layers.columns().isEmpty()) {
            sketch.text(MARGIN, y - 10, "without dependencies", "dim");
        }
        for (int i = 0; i < alone.size(); i++) {
            int row = i / IN_A_ROW;
            double x = MARGIN + (double) (i % IN_A_ROW) * (BOX_WIDTH + BETWEEN_ROWS);
            double boxTop = y + (double) row * (BOX_HEIGHT + BETWEEN_ROWS);
            box(graph.nodes().get(alone.get(i)), x, boxTop);
            right = Math.max(right, x + BOX_WIDTH);
            bottom = boxTop + BOX_HEIGHT;
        }
    }

    /** The same in words, which is what a screen reader reads. */
    private String description() {
        List<String> waits = new ArrayList<>();
        graph.edges()
                .stream()
                .limit(40)
                .forEach(edge -> waits.add(graph.nodes().get(edge.to()).machine() + " waits for "
                        + graph.nodes().get(edge.from()).machine() + " (" + Graph.word(edge.condition()) + ")"));
        return waits.isEmpty() ? "No machine waits for another one." : String.join("; ", waits) + ".";
    }
}
