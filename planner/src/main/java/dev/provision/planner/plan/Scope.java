package dev.provision.planner.plan;

import java.util.List;
import java.util.Set;

/**
 * What of a fleet a plan is about.
 *
 * @param targets
 *            the machines that may be changed, and what they depend on as far as it is down; empty: all
 * @param replaced
 *            machines that are made anew though nothing asks for it
 * @param prune
 *            machines that the manifest does not name go; else they are left alone
 * @param heldBack
 *            names of machines that nothing is done to for now
 * @param lifetimes
 *            whose time is over
 */
public record Scope(List<Selector> targets, List<Selector> replaced, boolean prune, Set<String> heldBack,
        Lifetimes lifetimes) {

    /** The whole fleet, as the manifest has it. */
    public static final Scope ALL = new Scope(List.of(), List.of(), true);

    public Scope {
        targets = List.copyOf(targets);
        replaced = List.copyOf(replaced);
        heldBack = Set.copyOf(heldBack);
    }

    /** One that holds nobody back. */
    public Scope(List<Selector> targets, List<Selector> replaced, boolean prune) {
        this(targets, replaced, prune, Set.of(), Lifetimes.UNBOUNDED);
    }

    /** The same, where nothing is done to these machines. */
    public Scope holdingBack(Set<String> machines) {
        return new Scope(targets, replaced, prune, machines, lifetimes);
    }

    /** The same, at a time. */
    public Scope at(Lifetimes others) {
        return new Scope(targets, replaced, prune, heldBack, others);
    }
}
