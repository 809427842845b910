package dev.provision.provisioner.views.graph;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import dev.provision.planner.diff.Disruption;
import dev.provision.planner.plan.Plan;
import dev.provision.provisioner.views.graph.Graph.Edge;
import dev.provision.provisioner.views.graph.Graph.Node;
import dev.provision.schema.fleet.Condition;

/**
 * Dependencies as a flowchart of Mermaid, which code hosts draw in Markdown. Mermaid has one diagram a document, and its
 * Gantt chart knows neither dependencies of three kinds nor a pool: the timeline is left to SVG.
 */
final class Mermaid {

    /** Beyond these, Mermaid draws nothing at all ({@code maxEdges}, {@code maxTextSize} of its configuration). */
    private static final int MOST_EDGES = 500;
    private static final int MOST_TEXT = 50_000;
    private static final int LONGEST = 60;

    private Mermaid() {}

    static String of(Plan plan) {
        Graph graph = Graph.of(plan);
        int most = graph.nodes().size();
        String text = document(plan, graph, 0);
        while (most > 1 && (text.length() > MOST_TEXT || graph.edges().size() > MOST_EDGES)) {
            most = most * 9 / 10;
            graph = graph.first(most);
            text = document(plan, graph, plan.changes().size() - most);
        }
        return text;
    }

    private static String document(Plan plan, Graph graph, int left) {
        List<String> lines = new ArrayList<>();
        lines.add("flowchart LR");
        lines.add("accTitle: " + plain(Graph.title(plan)));
        String without = Graph.withoutSchedule(plan);
        if (!without.isEmpty()) {
            lines.add("note[\"" + escaped(without) + "\"]:::note");
        }
        for (int i = 0; i < graph.nodes().size(); i++) {
            lines.add(node(i, graph.nodes().get(i)));
        }
        if (left > 0) {
            lines.add("more[\"and " + left + " more machines\"]:::note");
        }
        for (Edge edge : graph.edges()) {
            lines.add("n" + edge.from() + " " + arrow(edge.condition()) + "|" + Graph.word(edge.condition()) + "| n"
                    + edge.to());
        }
        Arrays.stream(Disruption.values())
                .filter(disruption -> graph.nodes().stream().anyMatch(node -> node.disruption() == disruption))
                .forEach(disruption -> lines.add("classDef " + disruption.word() + " fill:"
                        + Theme.of(disruption).onLight() + "22,stroke:" + Theme.of(disruption).onLight()));
        lines.add("classDef note fill:none,stroke:none");
        return String.join("\n  ", lines) + "\n";
    }

    /** Without the symbol of its class: Mermaid takes {@code - name} and {@code + name} for lists. */
    private static String node(int place, Node node) {
        StringBuilder label = new StringBuilder(escaped(Markup.shortened(node.machine(), LONGEST)));
        label.append("<br>").append(escaped(node.fate()));
        if (!node.size().isEmpty()) {
            label.append("<br>").append(escaped(node.size()));
        }
        return "n" + place + "[\"" + label + "\"]:::" + node.disruption().word();
    }

    private static String arrow(Condition condition) {
        return switch (condition) {
            case STARTED -> "-.->";
            case READY -> "-->";
            case COMPLETED -> "==>";
        };
    }

    /** Nearly all that is no letter and no digit is an entity, {@code #34;}: nothing is left that could be syntax. */
    private static String escaped(String foreign) {
        StringBuilder escaped = new StringBuilder();
        foreign.codePoints().forEach(point -> {
            if (isPlain(point)) {
                escaped.appendCodePoint(point);
            } else {
                escaped.append('#').append(point).append(';');
            }
        });
        return escaped.toString();
    }

    /**
     * For where Mermaid knows no entities: whatever would have to be one is left out. A colon need not be one in the rest of
     * a line, and without it {@code 6:35 min} would be 635.
     */
    private static String plain(String foreign) {
        return foreign.codePoints()
                .filter(point -> isPlain(point) || point == ':')
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    private static boolean isPlain(int point) {
        return Character.isLetterOrDigit(point) || " ,.-".indexOf(point) >= 0;
    }
}
