package dev.provision.provisioner.views.graph;

import dev.provision.planner.plan.Plan;

/** A plan as one picture. */
final class Picture {

    private Picture() {}

    static String of(Plan plan) {
        return (Timeline.isThere(plan) ? Timeline.of(plan) : Dependencies.of(plan)).document();
    }
}
