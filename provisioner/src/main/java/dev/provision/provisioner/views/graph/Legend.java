package dev.provision.provisioner.views.graph;

import dev.provision.planner.diff.Disruption;
import dev.provision.planner.plan.Plan;
import dev.provision.schema.fleet.Condition;

/** What colours and shapes mean: only of what the plan has. */
final class Legend {

    private static final int GAP = 18;

    private Legend() {}

    /** Of a timeline: one line. */
    static void draw(Plan plan, double x, double y, String arrow, Sketch sketch) {
        double at = classes(plan, x, y, sketch);
        sketch.group("keep", "legend");
        at = bar(at, y, "boot", "boots or changes", sketch);
        at = bar(at, y, "run", "runs", sketch);
        sketch.line(at + 12, y - 11, at + 12, y + 3, "end");
        at = word(at + 20, y, "job ends", sketch);
        sketch.line(at, y - 4, at + 24, y - 4, "queue");
        at = word(at + 30, y, "waits", sketch);
        sketch.line(at, y - 4, at + 24, y - 4, "pool");
        word(at + 30, y, "pool", sketch);
        sketch.end();
        conditions(plan, x, y + 18, arrow, sketch);
    }

    /** The classes of change that occur; returns where it goes on. */
    static double classes(Plan plan, double x, double y, Sketch sketch) {
        double at = x;
        for (Disruption disruption : Disruption.values()) {
            if (plan.count(disruption) > 0 && disruption != Disruption.KEEP) {
                sketch.group(disruption.word(), "legend");
                sketch.text(at, y, disruption.symbol(), "symbol");
                at = word(at + (disruption == Disruption.RECREATE ? 24 : 16), y, disruption.word(), sketch);
                sketch.end();
            }
        }
        return at;
    }

    /** What is waited for, by the stroke of its arrow. */
    static void conditions(Plan plan, double x, double y, String arrow, Sketch sketch) {
        double at = x;
        for (Condition condition : Condition.values()) {
            if (plan.changes().stream().noneMatch(change -> change.dependsOn().containsValue(condition))) {
                continue;
            }
            sketch.arrow("M" + Sketch.point(at, y - 4) + "H" + Markup.number(at + 28), "wait " + Graph.word(condition),
                    arrow);
            at = word(at + 34, y, meaning(condition), sketch);
        }
    }

    private static String meaning(Condition condition) {
        return switch (condition) {
            case STARTED -> "once it has started";
            case READY -> "once it is ready";
            case COMPLETED -> "once it has completed";
        };
    }

    private static double bar(double x, double y, String style, String text, Sketch sketch) {
        sketch.rectangle(x, y - 10, 24, 12, style);
        return word(x + 30, y, text, sketch);
    }

    private static double word(double x, double y, String text, Sketch sketch) {
        sketch.text(x, y, text, "small");
        return x + 6.2 * text.length() + GAP;
    }
}
