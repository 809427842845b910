package dev.provision.planner.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

import dev.provision.planner.diff.BootedVmm;
import dev.provision.planner.diff.Found;
import dev.provision.planner.observed.ObservedFleet;
import dev.provision.planner.observed.ObservedMachine;
import dev.provision.planner.plan.Planner.Host;
import dev.provision.schema.diagnostics.Code;
import dev.provision.schema.diagnostics.Diagnostic;
import dev.provision.schema.diagnostics.Problems;
import dev.provision.schema.fleet.Fleet;
import dev.provision.schema.fleet.FleetMachine;
import dev.provision.schema.fleet.MachineSpec;

/** What happens to each machine of fleet and host, within the scope that was asked for. */
final class Convergence {

    /** Of the machines that one problem is about. */
    private static final int MOST_NAMES = 5;

    private final Fleet written;
    private final Fleet fleet;
    private final ObservedFleet observed;
    private final Host host;
    private final Scope scope;
    private final Targets names;
    private final Set<String> targets;
    private final Set<String> replaced;

    /**
     * @param written
     *            what the manifest says
     * @param fleet
     *            the same with what the planner has added
     */
    Convergence(Fleet written, Fleet fleet, ObservedFleet observed, Host host, Scope scope, Problems problems) {
        this.written = written;
        this.fleet = fleet;
        this.observed = observed;
        this.host = host;
        this.scope = scope;
        this.names = new Targets(fleet, observed);
        this.targets = names.named(scope.targets(), "--target", problems);
        this.replaced = names.named(scope.replaced(), "--replace", problems);
    }

    /**
     * What would happen to every machine were there no targets: those that go first, then the others, dependencies
     * before dependents.
     */
    List<MachineChange> all() {
        List<MachineChange> changes = new ArrayList<>(unwanted());
        changes.addAll(wanted());
        return changes.stream()
                .map(change -> scope.heldBack().contains(change.machine()) && !change.steps().isEmpty()
                        ? change.left(OutOfScope.HELD_BACK)
                        : change)
                .toList();
    }

    /** Names of the machines that the plan is about: only these can refuse it. */
    Set<String> reached(List<MachineChange> all) {
        return scope.targets().isEmpty() ? all.stream().map(MachineChange::machine).collect(Collectors.toSet())
                : names.withDependencies(targets, all);
    }

    /** Who is to be made anew must be within reach: dropped in silence, it would look as if it had been done. */
    void checkReplaced(Set<String> reached, Problems problems) {
        for (Selector selector : scope.replaced()) {
            List<String> beyond = names.matching(selector).stream().filter(name -> !reached.contains(name)).toList();
            if (!beyond.isEmpty()) {
                String more = beyond.size() > MOST_NAMES ? " and " + (beyond.size() - MOST_NAMES) + " more" : "";
                problems.add(Diagnostic
                        .error(Code.NO_SUCH_TARGET, "--replace " + selector + " matches what is not targeted: "
                                + beyond.stream().limit(MOST_NAMES).collect(Collectors.joining(", ")) + more)
                        .why("where there are targets, other machines stay as they are")
                        .fix("add --target " + selector + ", or replace targets only"));
            }
        }
    }

    /** A person wants it to be made anew. */
    boolean isReplaced(String machine) {
        return replaced.contains(machine);
    }

    /** The same, where machines beyond reach stay as they are. */
    static List<MachineChange> within(Set<String> reached, List<MachineChange> all) {
        return all.stream()
                .map(change -> reached.contains(change.machine()) || isAsWanted(change) ? change
                        : change.left(OutOfScope.NOT_TARGETED))
                .toList();
    }

    private static boolean isAsWanted(MachineChange change) {
        return change.steps().isEmpty() && !change.isOutOfScope();
    }

    private List<MachineChange> unwanted() {
        return observed.machines()
                .values()
                .stream()
                .filter(machine -> !fleet.machines().containsKey(machine.name()))
                .map(ChangePlanner::unwanted)
                .map(change -> scope.prune() ? change : change.left(OutOfScope.NOT_IN_MANIFEST))
                .toList();
    }

    private List<MachineChange> wanted() {
        List<MachineChange> changes = new ArrayList<>();
        for (MachineSpec spec : BootOrder.of(fleet)) {
            ObservedMachine there = observed.machines().get(spec.name());
            MachineChange change = there == null ? missing(spec) : existing(spec, there);
            List<String> notes = new ArrayList<>(change.notes());
            notes.addAll(BootNotes.ofUser(change, host));
            MemoryNotes.of(change).ifPresent(notes::add);
            changes.add(change.noting(notes));
        }
        return changes;
    }

    /** What the manifest says, before the planner gave it addresses, which depend on who is there. */
    private boolean staysAway(MachineSpec spec) {
        FleetMachine machine = written.machines().get(spec.name());
        return machine != null && scope.lifetimes().staysAway(machine.spec());
    }

    private MachineChange missing(MachineSpec spec) {
        MachineChange made = ChangePlanner.missing(spec, observed.keptOf(spec.name()).keySet());
        return staysAway(spec) ? made.left(OutOfScope.EXPIRED) : made;
    }

    private MachineChange existing(MachineSpec written, ObservedMachine there) {
        Found found = Found.of(there, observed.keptOf(there.name()));
        BootedVmm vmm = BootedVmm.of(there.booted(), host.driver());
        MachineSpec wanted = ChangePlanner.effective(written, there);
        Optional<String> over = scope.lifetimes().over(wanted, there);
        if (over.isPresent() && scope.lifetimes().attended()) {
            return ChangePlanner.renewed(written, there, over.get(), vmm, found);
        }
        if (over.isPresent() && !Protection.holds(wanted, there)) {
            return ChangePlanner.expired(there, over.get(), wanted);
        }
        MachineChange change = replaced.contains(there.name()) ? ChangePlanner.replaced(written, there, vmm, found)
                : ChangePlanner.existing(written, there, vmm, found);
        return change.noting(BootNotes.of(change, there, host));
    }
}
