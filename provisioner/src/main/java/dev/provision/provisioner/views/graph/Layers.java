package dev.provision.provisioner.views.graph;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;

import dev.provision.provisioner.views.graph.Graph.Edge;

/**
 * Places for the machines of a graph: each in a column behind those of all that it waits for, and in an order in which few
 * arrows cross (the layers and barycenters of Sugiyama, Tagawa and Toda, 1981). An arrow that passes a column has a place in
 * it too, so that it goes round the machines there.
 */
final class Layers {

    /** Arrows that pass more columns than this, all together, are drawn straight. */
    private static final int MOST_PASSES = 2_000;
    private static final int SWEEPS = 4;

    /** A place in a column. */
    static final class Slot {
        /** The machine there, by its place in the graph; -1 where an arrow passes. */
        final int node;
        final int column;
        /** From the top of the column, 0 and up. */
        private int rank;
        private double weight;
        private final List<Slot> before = new ArrayList<>();
        private final List<Slot> after = new ArrayList<>();

        private Slot(int node, int column) {
            this.node = node;
            this.column = column;
        }
    }

    /** An arrow, by way of these places. */
    record Route(Edge edge, List<Slot> slots) {}

    private final Graph graph;
    private final List<List<Integer>> dependents = new ArrayList<>();
    private final int[] columnOf;
    private final List<List<Slot>> columns = new ArrayList<>();
    private final List<Route> routes = new ArrayList<>();
    private final List<Integer> alone = new ArrayList<>();

    private Layers(Graph graph) {
        this.graph = graph;
        this.columnOf = new int[graph.nodes().size()];
    }

    static Layers of(Graph graph) {
        Layers layers = new Layers(graph);
        layers.assignColumns();
        layers.fillColumns();
        for (int i = 0; i < SWEEPS; i++) {
            layers.columns.forEach(column -> layers.sort(column, true));
            layers.columns.reversed().forEach(column -> layers.sort(column, false));
        }
        layers.columns.forEach(column -> layers.sort(column, true));
        return layers;
    }

    /** Columns from left to right, each from top to bottom. */
    List<List<Slot>> columns() {
        return columns;
    }

    List<Route> routes() {
        return routes;
    }

    /** Machines that wait for none and that none waits for, by their places in the graph. */
    List<Integer> alone() {
        return alone;
    }

    /** The longest way from the left. What machines that are left alone were applied with can be a cycle: it is cut. */
    private void assignColumns() {
        int count = graph.nodes().size();
        int[] awaited = new int[count];
        for (int i = 0; i < count; i++) {
            dependents.add(new ArrayList<>());
        }
        for (Edge edge : graph.edges()) {
            dependents.get(edge.from()).add(edge.to());
            awaited[edge.to()]++;
        }
        boolean[] done = new boolean[count];
        Deque<Integer> free = new ArrayDeque<>();
        for (int i = 0; i < count; i++) {
            if (awaited[i] == 0) {
                free.add(i);
            }
        }
        int next = 0;
        while (true) {
            while (!free.isEmpty()) {
                settle(free.remove(), awaited, done, free);
            }
            while (next < count && done[next]) {
                next++;
            }
            if (next == count) {
                return;
            }
            free.add(next);
        }
    }

    private void settle(int node, int[] awaited, boolean[] done, Deque<Integer> free) {
        if (done[node]) {
            return;
        }
        done[node] = true;
        for (int dependent : dependents.get(node)) {
            if (!done[dependent]) {
                columnOf[dependent] = Math.max(columnOf[dependent], columnOf[node] + 1);
                if (--awaited[dependent] == 0) {
                    free.add(dependent);
                }
            }
        }
    }

    private void fillColumns() {
        boolean[] connected = new boolean[columnOf.length];
        graph.edges().forEach(edge -> connected[edge.from()] = connected[edge.to()] = true);
        Slot[] slots = new Slot[columnOf.length];
        for (int i = 0; i < columnOf.length; i++) {
            if (connected[i]) {
                slots[i] = add(new Slot(i, columnOf[i]));
            } else {
                alone.add(i);
            }
        }
        int passes = graph.edges().stream().mapToInt(edge -> Math.max(0, span(edge) - 1)).sum();
        for (Edge edge : graph.edges()) {
            List<Slot> route = new ArrayList<>(List.of(slots[edge.from()]));
            for (int i = 1; i < span(edge) && passes <= MOST_PASSES; i++) {
                route.add(add(new Slot(-1, columnOf[edge.from()] + i)));
            }
            route.add(slots[edge.to()]);
            for (int i = 1; i < route.size(); i++) {
                route.get(i - 1).after.add(route.get(i));
                route.get(i).before.add(route.get(i - 1));
            }
            routes.add(new Route(edge, List.copyOf(route)));
        }
    }

    private int span(Edge edge) {
        return columnOf[edge.to()] - columnOf[edge.from()];
    }

    private Slot add(Slot slot) {
        while (columns.size() <= slot.column) {
            columns.add(new ArrayList<>());
        }
        slot.rank = columns.get(slot.column).size();
        columns.get(slot.column).add(slot);
        return slot;
    }

    /** By the middle of the neighbours on one side; who has none keeps its place. */
    private void sort(List<Slot> column, boolean bySlotsBefore) {
        for (Slot slot : column) {
            List<Slot> neighbours = bySlotsBefore ? slot.before : slot.after;
            slot.weight = neighbours.stream()
                    .mapToDouble(other -> (other.rank + 0.5) / columns.get(other.column).size())
                    .average()
                    .orElse((slot.rank + 0.5) / column.size());
        }
        column.sort(Comparator.comparingDouble(slot -> slot.weight));
        for (int i = 0; i < column.size(); i++) {
            column.get(i).rank = i;
        }
    }
}
