package dev.provision.provisioner.views.graph;

import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.provision.planner.plan.Plan;
import dev.provision.provisioner.views.graph.Graph.Edge;
import dev.provision.provisioner.views.graph.Graph.Node;
import dev.provision.schema.fleet.Condition;

/** Dependencies in the language of Graphviz (graphviz.org/doc/info/lang.html). */
final class Dot {

    private Dot() {}

    static String of(Plan plan) {
        Graph graph = Graph.of(plan);
        StringBuilder text = new StringBuilder("digraph provision {\n");
        String title = Stream.of(Graph.title(plan), Graph.withoutSchedule(plan))
                .filter(line -> !line.isEmpty())
                .map(Dot::escaped)
                .collect(Collectors.joining("\\n"));
        text.append("  graph [rankdir=LR, labelloc=t, fontname=\"sans-serif\", label=\"")
                .append(title)
                .append("\"];\n");
        text.append(
                "  node [shape=box, style=\"rounded,filled\", fontname=\"sans-serif\", fontsize=11, margin=\"0.2,0.08\"];\n");
        text.append("  edge [fontname=\"sans-serif\", fontsize=9];\n");
        graph.nodes().forEach(node -> node(node, text));
        graph.edges().forEach(edge -> edge(edge, graph, text));
        return text.append("}\n").toString();
    }

    private static void node(Node node, StringBuilder text) {
        String label = Stream.of(node.disruption().symbol().strip() + " " + node.machine(), node.fate(), node.size())
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .map(Dot::escaped)
                .collect(Collectors.joining("\\n"));
        Theme.Colour colour = Theme.of(node.disruption());
        text.append("  ")
                .append(id(node))
                .append(" [label=\"")
                .append(label)
                .append("\", color=\"")
                .append(colour.onLight())
                .append("\", fillcolor=\"")
                .append(colour.onLight())
                .append("22\", tooltip=\"")
                .append(escaped(node.reason().isEmpty() ? node.fate() : node.reason()))
                .append("\"];\n");
    }

    private static void edge(Edge edge, Graph graph, StringBuilder text) {
        text.append("  ")
                .append(id(graph.nodes().get(edge.from())))
                .append(" -> ")
                .append(id(graph.nodes().get(edge.to())))
                .append(" [label=\"")
                .append(Graph.word(edge.condition()))
                .append("\", style=")
                .append(style(edge.condition()))
                .append("];\n");
    }

    private static String style(Condition condition) {
        return switch (condition) {
            case STARTED -> "dotted";
            case READY -> "solid";
            case COMPLETED -> "bold";
        };
    }

    /** Nodes go by their names, so that other tools can find them. */
    private static String id(Node node) {
        return "\"" + node.machine().replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
    }

    /** Within quotes. Labels are read for backslashes and for entities of HTML. */
    private static String escaped(String foreign) {
        return foreign.replace("&", "&amp;").replace("\\", "\\\\").replace("\"", "\\\"");
    }
}
