package dev.provision.planner.plan;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

import dev.provision.planner.observed.MachineState;
import dev.provision.planner.observed.ObservedFleet;
import dev.provision.planner.observed.ObservedMachine;
import dev.provision.schema.diagnostics.Code;
import dev.provision.schema.diagnostics.Diagnostic;
import dev.provision.schema.diagnostics.Problems;
import dev.provision.schema.fleet.Condition;
import dev.provision.schema.fleet.Fleet;
import dev.provision.schema.fleet.FleetMachine;

/** Jobs run once, so one that failed blocks who waits for it until it runs again: by a person's word, or in this very plan. */
final class FailedJobs {

    private FailedJobs() {}

    /** Warns of every boot that waits for the end of a job which failed and is left as it is. */
    static void check(Collection<MachineChange> changes, Fleet fleet, ObservedFleet observed, Problems problems) {
        Map<String, Integer> failed = new HashMap<>();
        changes.stream()
                .filter(change -> !change.boots())
                .forEach(change -> exitCode(observed, change.machine())
                        .ifPresent(code -> failed.put(change.machine(), code)));
        for (MachineChange change : changes) {
            FleetMachine written = fleet.machines().get(change.machine());
            if (change.boots() && written != null) {
                change.dependsOn().forEach((job, condition) -> {
                    Integer code = failed.get(job);
                    if (condition == Condition.COMPLETED && code != null) {
                        problems.add(skipped(written, job, code));
                    }
                });
            }
        }
    }

    private static Optional<Integer> exitCode(ObservedFleet observed, String machine) {
        return Optional.ofNullable(observed.machines().get(machine))
                .map(ObservedMachine::state)
                .map(state -> state instanceof MachineState.Completed done ? done.exitCode() : 0)
                .filter(code -> code != 0);
    }

    private static Diagnostic skipped(FleetMachine machine, String job, int exitCode) {
        return Diagnostic
                .warning(Code.UNREACHABLE_CONDITION, machine.origin().at("dependsOn", job),
                        "`" + machine.spec().name() + "` waits for job `" + job + "`, which failed with exit code "
                                + exitCode)
                .why("it is skipped as long as the job's last run is a failed one")
                .fix("run the job again: provision restart " + job);
    }
}
