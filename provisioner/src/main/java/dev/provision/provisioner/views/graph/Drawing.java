package dev.provision.provisioner.views.graph;

import dev.provision.planner.plan.Plan;

/** The forms in which a plan is drawn. The same plan is the same text, byte for byte. */
public enum Drawing {
    /** Dependencies, in the language of Graphviz. */
    DOT,
    /** Dependencies, as a flowchart of Mermaid. */
    MERMAID,
    /** The timeline over the resource pool; of a plan without one, dependencies. */
    SVG,
    /** Timeline, dependencies, changes and problems on one page. */
    HTML;

    /** The complete document. */
    public String of(Plan plan) {
        return switch (this) {
            case DOT -> Dot.of(plan);
            case MERMAID -> Mermaid.of(plan);
            case SVG -> Picture.of(plan);
            case HTML -> Page.of(plan);
        };
    }
}
