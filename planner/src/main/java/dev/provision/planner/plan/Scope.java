package dev.provision.planner.plan;

import java.util.List;

/**
 * What of a fleet a plan is about.
 *
 * @param targets
 *            the machines that may be changed, and what they depend on as far as it is down; empty: all
 * @param replaced
 *            machines that are made anew though nothing asks for it
 * @param prune
 *            machines that the manifest does not name go; else they are left alone
 */
public record Scope(List<Selector> targets, List<Selector> replaced, boolean prune) {

    /** The whole fleet, as the manifest has it. */
    public static final Scope ALL = new Scope(List.of(), List.of(), true);

    public Scope {
        targets = List.copyOf(targets);
        replaced = List.copyOf(replaced);
    }
}
