package dev.provision.planner.plan;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

import dev.provision.planner.diff.Disruption;
import dev.provision.planner.observed.MachineState;
import dev.provision.planner.observed.ObservedFleet;
import dev.provision.planner.observed.ObservedMachine;
import dev.provision.schema.diagnostics.Code;
import dev.provision.schema.diagnostics.Diagnostic;
import dev.provision.schema.diagnostics.Problems;
import dev.provision.schema.fleet.Condition;
import dev.provision.schema.fleet.Fleet;
import dev.provision.schema.fleet.FleetMachine;
import dev.provision.schema.fleet.MachineSpec;

/** Who boots and waits for a job that does not complete as this plan leaves it will be skipped. */
final class UnfinishedJobs {

    /** Why a job does not complete, and what to do. */
    private record Unfinished(String what, String why, String fix) {}

    private static final Unfinished NO_JOB = new Unfinished("is no job as this plan leaves it",
            "it keeps what it runs, since it is not targeted or ignores changes of `run`",
            "target it too, or take `run` out of its `ignoreChanges`");

    private UnfinishedJobs() {}

    /** Warns of every boot that waits for the end of such a job. */
    static void check(Collection<MachineChange> changes, Fleet fleet, ObservedFleet observed, Problems problems) {
        Map<String, Unfinished> unfinished = new HashMap<>();
        for (MachineChange change : changes) {
            of(change, Optional.ofNullable(observed.machines().get(change.machine())))
                    .ifPresent(end -> unfinished.put(change.machine(), end));
        }
        for (MachineChange change : changes) {
            FleetMachine written = fleet.machines().get(change.machine());
            if (change.boots() && written != null) {
                change.dependsOn().forEach((job, condition) -> {
                    Unfinished end = unfinished.get(job);
                    if (condition == Condition.COMPLETED && end != null) {
                        problems.add(Diagnostic
                                .warning(Code.UNREACHABLE_CONDITION, written.origin().at("dependsOn", job),
                                        "`" + change.machine() + "` waits for job `" + job + "`, which " + end.what())
                                .why(end.why())
                                .fix(end.fix()));
                    }
                });
            }
        }
    }

    private static Optional<Unfinished> of(MachineChange change, Optional<ObservedMachine> there) {
        if (change.disruption() != Disruption.DESTROY && change.wanted().filter(MachineSpec::isJob).isEmpty()) {
            return Optional.of(NO_JOB);
        }
        return there.map(ObservedMachine::state)
                .map(state -> state instanceof MachineState.Completed done ? done.exitCode() : 0)
                .filter(code -> code != 0 && !change.boots())
                .map(code -> failed(change.machine(), code));
    }

    /** Jobs run once, so one that failed blocks who waits for it until a person runs it again. */
    private static Unfinished failed(String job, int exitCode) {
        return new Unfinished("failed with exit code " + exitCode,
                "it is skipped as long as the job's last run is a failed one",
                "run the job again: provision restart " + job);
    }
}
