package dev.provision.provisioner.plans;

import java.time.Instant;
import java.util.Optional;

import dev.provision.planner.plan.Plan;

/**
 * A plan and what it was made from.
 *
 * @param madeAt
 *            when it was written to a file, which makes it one of its kind; absent of one that is only shown
 */
public record SavedPlan(Plan plan, Binding binding, Optional<Instant> madeAt) {

    /** A plan that is shown or executed at once, and never read again. */
    public static SavedPlan unbound(Plan plan) {
        return new SavedPlan(plan, Binding.NONE, Optional.empty());
    }

    /** The same, with what has been found out about the plan since. */
    public SavedPlan with(Plan looked) {
        return new SavedPlan(looked, binding, madeAt);
    }
}
