package dev.provision.provisioner.views.graph;

import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;

import dev.provision.planner.diff.Disruption;
import dev.provision.provisioner.views.graph.Graph.Edge;
import dev.provision.provisioner.views.graph.Graph.Node;
import dev.provision.schema.fleet.Condition;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class LayersTest {

    private static Layers layers(int nodes, int... ends) {
        List<Node> all = new ArrayList<>();
        for (int i = 0; i < nodes; i++) {
            all.add(new Node("m" + i, Disruption.CREATE, "", "", ""));
        }
        List<Edge> edges = new ArrayList<>();
        for (int i = 0; i < ends.length; i += 2) {
            edges.add(new Edge(ends[i], ends[i + 1], Condition.READY));
        }
        return Layers.of(new Graph(all, edges));
    }

    private static List<List<Integer>> nodes(Layers layers) {
        return layers.columns().stream().map(column -> column.stream().map(slot -> slot.node).toList()).toList();
    }

    @Test
    void aMachineStandsBehindAllThatItWaitsFor() {
        assertEquals(List.of(List.of(0), List.of(1), List.of(2)), nodes(layers(3, 0, 1, 1, 2)));
    }

    @Test
    void anArrowThatPassesAColumnHasAPlaceThere() {
        Layers layers = layers(3, 0, 1, 1, 2, 0, 2);
        assertEquals(List.of(1, -1), nodes(layers).get(1));
        assertEquals(List.of(0, 1, 2), layers.routes().get(2).slots().stream().map(slot -> slot.column).toList());
    }

    @Test
    void arrowsAreUncrossed() {
        assertEquals(List.of(List.of(0, 1), List.of(3, 2)), nodes(layers(4, 0, 3, 1, 2)));
    }

    @Test
    void machinesWithoutDependenciesStandApart() {
        Layers layers = layers(3, 0, 2);
        assertEquals(List.of(1), layers.alone());
        assertEquals(List.of(List.of(0), List.of(2)), nodes(layers));
    }

    @Test
    void aCycleIsCut() {
        Layers layers = layers(3, 0, 1, 1, 2, 2, 0);
        assertEquals(List.of(List.of(0), List.of(1), List.of(2)), nodes(layers));
        assertEquals(3, layers.routes().size());
    }

    @Test
    void aLongChainWithManyShortcutsStaysSmall() {
        int count = 120;
        int[] ends = new int[count * (count - 1)];
        int next = 0;
        for (int from = 0; from < count; from++) {
            for (int to = from + 1; to < count; to++) {
                ends[next++] = from;
                ends[next++] = to;
            }
        }
        Layers layers = layers(count, ends);
        assertEquals(count, layers.columns().size());
        assertTrue(layers.columns().stream().allMatch(column -> column.size() == 1));
    }
}
