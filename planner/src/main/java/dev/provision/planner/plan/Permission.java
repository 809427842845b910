package dev.provision.planner.plan;

import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

import dev.provision.planner.diff.Disruption;
import dev.provision.planner.diff.FieldChange;
import dev.provision.schema.diagnostics.Code;
import dev.provision.schema.diagnostics.Diagnostic;

/**
 * Which classes of change are allowed without asking. To bring up what is down disturbs nothing, so it always is; what is
 * changed of a machine that runs needs its own class, also where the machine only has to become ready.
 *
 * @param allowed
 *            may be empty: then a plan may only keep and start
 */
public record Permission(Set<Disruption> allowed) {

    /** What nobody has to confirm. */
    public static final Permission DEFAULT = new Permission(
            EnumSet.of(Disruption.CREATE, Disruption.LIVE, Disruption.RESTART));

    /** Everything that an apply can do. */
    public static final Permission ALL = new Permission(
            EnumSet.of(Disruption.CREATE, Disruption.LIVE, Disruption.RESTART, Disruption.RECREATE,
                    Disruption.DESTROY));

    public Permission {
        allowed = allowed.isEmpty() ? Set.of() : Collections.unmodifiableSet(EnumSet.copyOf(allowed));
    }

    /** The same, and this one too. */
    public Permission with(Disruption other) {
        Set<Disruption> more = EnumSet.of(other);
        more.addAll(allowed);
        return new Permission(more);
    }

    public boolean allows(MachineChange change) {
        if (change.isExpiry()) {
            return true;
        }
        return switch (needed(change)) {
            case KEEP, START, STOP -> true;
            case LIVE, CREATE, RESTART, RECREATE, DESTROY -> allowed.contains(needed(change));
        };
    }

    /** The class that has to be allowed: the worst that happens to a VMM that runs, where it is only waited for. */
    private static Disruption needed(MachineChange change) {
        if (change.disruption() != Disruption.START || !change.running()) {
            return change.disruption();
        }
        Disruption worst = change.fields()
                .stream()
                .map(FieldChange::disruption)
                .reduce(Disruption.KEEP, Disruption::worse);
        return worst == Disruption.KEEP ? Disruption.START : worst;
    }

    /** The plan, refused when it needs what is not allowed: one problem for each machine. */
    public Plan check(Plan plan) {
        List<MachineChange> refused = plan.actions().stream().filter(change -> !allows(change)).toList();
        Permission enough = forAll(refused);
        return plan.withProblems(refused.stream().map(change -> refusal(change, enough)).toList());
    }

    /** What is allowed here, and what these need. */
    private Permission forAll(List<MachineChange> changes) {
        Permission enough = this;
        for (MachineChange change : changes) {
            enough = enough.with(needed(change));
        }
        return enough;
    }

    /**
     * @param enough
     *            what the whole plan needs: to allow but one class of two would be refused again
     */
    private Diagnostic refusal(MachineChange change, Permission enough) {
        Disruption needed = needed(change);
        String what = "to " + (needed == Disruption.LIVE ? "change `" + change.machine() + "` live"
                : needed.word() + " `" + change.machine() + "`");
        return Diagnostic
                .error(Code.CHANGE_NOT_ALLOWED, what + " is not allowed here")
                .why("allowed without a person's word: " + words(this))
                .fix("allow it with --allow=" + words(enough)
                        + (needed == Disruption.DESTROY
                                ? ", or leave machines alone that the manifest does not name: --no-prune"
                                : ", or take the change back"));
    }

    private static String words(Permission permission) {
        String words = permission.allowed().stream().map(Disruption::word).collect(Collectors.joining(","));
        return words.isEmpty() ? "nothing" : words;
    }
}
