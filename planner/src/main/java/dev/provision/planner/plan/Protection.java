package dev.provision.planner.plan;

import java.util.Optional;

import dev.provision.planner.diff.Disruption;
import dev.provision.planner.observed.ObservedFleet;
import dev.provision.planner.observed.ObservedMachine;
import dev.provision.schema.diagnostics.Code;
import dev.provision.schema.diagnostics.Diagnostic;
import dev.provision.schema.diagnostics.Problems;
import dev.provision.schema.fleet.FleetMachine;

/**
 * Refuses to destroy or recreate protected machines. What the manifest says counts; where it does not name the machine any
 * more, what was last applied to it.
 */
final class Protection {

    private Protection() {}

    static void check(MachineChange change, Optional<FleetMachine> wanted, ObservedFleet observed, Problems problems) {
        boolean destroys = change.disruption() == Disruption.DESTROY;
        if (!destroys && change.disruption() != Disruption.RECREATE) {
            return;
        }
        boolean isProtected = wanted.map(FleetMachine::spec)
                .or(() -> Optional.ofNullable(observed.machines().get(change.machine()))
                        .flatMap(ObservedMachine::applied))
                .filter(spec -> spec.lifecycle().protect())
                .isPresent();
        if (isProtected) {
            Diagnostic problem = Diagnostic
                    .error(Code.MACHINE_PROTECTED,
                            "`" + change.machine() + "` is protected, and this plan would "
                                    + (destroys ? "destroy" : "recreate") + " it")
                    .why("`protect: true` stands on the machine until an apply takes it back"
                            + (wanted.isEmpty() ? ", also when its entry is deleted" : ""))
                    .fix(wanted.isEmpty() ? "put its entry back with `protect: false` and apply that first"
                            : "take the change back, list it under `ignoreChanges`, or set `protect: false`");
            problems.add(wanted.map(machine -> problem.at(machine.origin().at("protect"))).orElse(problem));
        }
    }
}
