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
public record SavedPlan(Plan plan, Binding binding, Optional<Instant> madeAt) {}
