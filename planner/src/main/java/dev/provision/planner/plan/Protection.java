package dev.provision.planner.plan;

import java.util.Optional;

import dev.provision.planner.diff.Disruption;
import dev.provision.planner.observed.ObservedFleet;
import dev.provision.planner.observed.ObservedMachine;
import dev.provision.schema.diagnostics.Code;
import dev.provision.schema.diagnostics.Diagnostic;
import dev.provision.schema.diagnostics.Problems;
import dev.provision.schema.fleet.FleetMachine;
import dev.provision.schema.fleet.MachineSpec;

/**
 * Refuses to destroy or recreate protected machines: those that the manifest protects, and those that were when they were
 * last applied. So to take the protection back needs an apply of its own, which a change of an image cannot bring along.
 */
final class Protection {

    private Protection() {}

    /**
     * @param onDemand
     *            a person asks for it, no change
     */
    static void check(MachineChange change, Optional<FleetMachine> wanted, ObservedFleet observed, boolean onDemand,
            Problems problems) {
        boolean destroys = change.disruption() == Disruption.DESTROY;
        if (!destroys && change.disruption() != Disruption.RECREATE) {
            return;
        }
        boolean isRecorded = isProtected(
                Optional.ofNullable(observed.machines().get(change.machine())).flatMap(ObservedMachine::applied));
        if (isRecorded || isProtected(wanted.map(FleetMachine::spec))) {
            Diagnostic problem = Diagnostic
                    .error(Code.MACHINE_PROTECTED,
                            "`" + change.machine() + "` is protected, and this plan would "
                                    + (destroys ? "destroy" : "recreate") + " it")
                    .why("`protect: true` stands on the machine until an apply takes it back"
                            + (wanted.isEmpty() ? ", also when its entry is deleted" : ""))
                    .fix(wanted.isEmpty() ? "put its entry back with `protect: false` and apply that first"
                            : (onDemand ? "leave it out of --replace, or "
                                    : "take the change back, list it under `ignoreChanges`, or ")
                                    + (isRecorded ? "apply `protect: false` alone first" : "set `protect: false`"));
            problems.add(wanted.map(machine -> problem.at(machine.origin().at("protect"))).orElse(problem));
        }
    }

    /** No plan may end this machine. */
    static boolean holds(MachineSpec wanted, ObservedMachine there) {
        return wanted.lifecycle().protect() || isProtected(there.applied());
    }

    private static boolean isProtected(Optional<MachineSpec> spec) {
        return spec.filter(there -> there.lifecycle().protect()).isPresent();
    }
}
