package dev.provision.provisioner.views.graph;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import dev.provision.planner.capacity.Share;
import dev.provision.planner.diff.Disruption;
import dev.provision.planner.plan.MachineChange;
import dev.provision.planner.plan.Plan;
import dev.provision.planner.schedule.Schedule.Wave;
import dev.provision.provisioner.views.Elapsed;
import dev.provision.provisioner.views.Printable;
import dev.provision.schema.fleet.Condition;
import dev.provision.schema.fleet.MachineSpec;

/**
 * The machines of a plan and what they wait for. Texts in it are one line each and steer no terminal; each format escapes
 * them as it must.
 *
 * @param nodes
 *            in the order of the plan's changes
 */
record Graph(List<Node> nodes, List<Edge> edges) {

    Graph {
        nodes = List.copyOf(nodes);
        edges = List.copyOf(edges);
    }

    /**
     * A machine.
     *
     * @param size
     *            what it will have; empty when it goes
     * @param when
     *            {@code wave 2 at 6 s}; empty when it does not boot
     * @param reason
     *            may be empty
     */
    record Node(String machine, Disruption disruption, String size, String when, String reason) {

        /** {@code restart, wave 2 at 6 s}. */
        String fate() {
            String word = disruption == Disruption.KEEP ? "unchanged" : disruption.word();
            return when.isEmpty() ? word : word + ", " + when;
        }
    }

    /**
     * One machine waits for another one.
     *
     * @param from
     *            place in {@code nodes} of the one that is waited for
     * @param to
     *            of the one that waits
     */
    record Edge(int from, int to, Condition condition) {}

    static Graph of(Plan plan) {
        Map<String, String> when = waves(plan);
        Map<String, Integer> places = new HashMap<>();
        List<Node> nodes = new ArrayList<>();
        for (MachineChange change : plan.changes()) {
            places.put(change.machine(), nodes.size());
            nodes.add(new Node(Printable.line(change.machine()), change.disruption(),
                    change.wanted().map(Graph::size).orElse(""), when.getOrDefault(change.machine(), ""),
                    Printable.line(change.reason())));
        }
        List<Edge> edges = new ArrayList<>();
        for (MachineChange change : plan.changes()) {
            change.dependsOn().forEach((name, condition) -> {
                Optional<Integer> from = Optional.ofNullable(places.get(name));
                Optional<Integer> to = Optional.ofNullable(places.get(change.machine()));
                from.ifPresent(a -> to.ifPresent(b -> edges.add(new Edge(a, b, condition))));
            });
        }
        return new Graph(nodes, edges);
    }

    /** The first of its machines, and what there is between them. Dependencies come before dependents. */
    Graph first(int most) {
        return nodes.size() <= most ? this
                : new Graph(nodes.subList(0, most),
                        edges.stream().filter(edge -> edge.from() < most && edge.to() < most).toList());
    }

    private static Map<String, String> waves(Plan plan) {
        Map<String, String> when = new HashMap<>();
        List<Wave> waves = plan.schedule().waves();
        for (int i = 0; i < waves.size(); i++) {
            String wave = "wave " + (i + 1) + " at " + Elapsed.text(rounded(waves.get(i).at()));
            waves.get(i).bookings().forEach(booking -> when.put(booking.machine(), wave));
        }
        return when;
    }

    /** Estimates are not better than seconds. */
    static Duration rounded(Duration duration) {
        return Duration.ofSeconds((duration.toMillis() + 500) / 1000);
    }

    private static String size(MachineSpec spec) {
        return Share.text(spec.resources().cpus().limit()) + ", " + spec.resources().memory().limit()
                + (spec.isJob() ? ", job" : "");
    }

    /** {@code fleet lab: 6 machines, done after about 41 s}. */
    static String title(Plan plan) {
        int machines = plan.changes().size();
        return "fleet " + Printable.line(plan.fleet()) + ": " + (machines == 1 ? "1 machine" : machines + " machines")
                + (plan.schedule().bookings().isEmpty() ? ""
                        : ", done after about " + Elapsed.text(rounded(plan.schedule().makespan())));
    }

    /** Why there is no timeline; empty when there is one. */
    static String withoutSchedule(Plan plan) {
        if (plan.isRefused()) {
            return "This plan is refused: nothing is scheduled, so only dependencies are drawn.";
        }
        return plan.actions().isEmpty() ? "Nothing to do: nothing is scheduled." : "";
    }

    /** {@code completed}, also as the name of a style. */
    static String word(Condition condition) {
        return condition.toString();
    }
}
