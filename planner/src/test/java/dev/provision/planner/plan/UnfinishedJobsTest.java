package dev.provision.planner.plan;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.provision.planner.Specs;
import dev.provision.planner.observed.MachineState;
import dev.provision.planner.observed.ObservedFleet;
import dev.provision.planner.observed.ObservedMachine;
import dev.provision.schema.diagnostics.Code;
import dev.provision.schema.fleet.Fleet;
import dev.provision.schema.fleet.MachineSpec;

import static org.junit.jupiter.api.Assertions.assertEquals;

/** A job that failed runs again by a person's word, or because something changed that it could notice. */
class UnfinishedJobsTest {

    private static Fleet fleet(String command) {
        return Specs.fleet("""
                machines:
                  migrate: { run: { command: [%s], restart: never } }
                  web: { dependsOn: { migrate: completed } }
                """.formatted(command));
    }

    private static MachineSpec spec(String name) {
        return Objects.requireNonNull(fleet("old").machines().get(name)).spec();
    }

    private static ObservedMachine observed(String name, MachineState state) {
        return Specs.observed(spec(name), state);
    }

    private static Plan plan(String command, List<Selector> replaced, ObservedMachine... machines) {
        ObservedFleet observed = Specs.observed(machines);
        return Planner.converge(fleet(command), observed, Specs.host(8, 16), new Scope(List.of(), replaced, true));
    }

    private static List<String> warnings(Plan plan) {
        return plan.problems()
                .stream()
                .filter(problem -> problem.code() == Code.UNREACHABLE_CONDITION)
                .map(problem -> problem.what())
                .toList();
    }

    /** Whatever makes it boot: it is new, it is down, it was changed. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whoBootsAndWaitsForAFailedJobIsWarnedOf(boolean there) {
        ObservedMachine job = observed("migrate", new MachineState.Completed(3));
        Plan plan = there ? plan("old", List.of(), job, observed("web", new MachineState.Stopped()))
                : plan("old", List.of(), job);
        assertEquals(List.of("`web` waits for job `migrate`, which failed with exit code 3"), warnings(plan));
        assertEquals(List.of("web"), plan.actions().stream().map(MachineChange::machine).toList());
        assertEquals("failed with exit code 3", reason(plan));
    }

    @Test
    void jobThatRunsAgainInThisPlanIsNoReasonToWarn() {
        ObservedMachine job = observed("migrate", new MachineState.Completed(3));
        Plan changed = plan("new", List.of(), job);
        assertEquals(List.of(), changed.problems());
        assertEquals("failed with exit code 3; runs again", reason(changed));
        Plan replaced = plan("old", List.of(new Selector("migrate")), job);
        assertEquals(List.of(), replaced.problems());
    }

    @Test
    void whoRunsAlreadyDoesNotWait() {
        ObservedMachine job = observed("migrate", new MachineState.Completed(3));
        Plan plan = plan("old", List.of(), job,
                observed("web", Specs.running(spec("web"))));
        assertEquals(List.of(), plan.problems());
        assertEquals(List.of(), plan.actions());
    }

    @Test
    void jobThatEndedWellIsCalledCompleted() {
        ObservedMachine job = observed("migrate", new MachineState.Completed(0));
        assertEquals("completed; runs again", reason(plan("new", List.of(), job)));
        assertEquals("completed with exit code 0", reason(plan("old", List.of(), job)));
        assertEquals(List.of(), plan("old", List.of(), job).problems());
    }

    /** An orphan is made anew only when it is named itself, and as long as it is left alone nobody knows that it is a job. */
    @Test
    void jobThatIsLeftAloneWithoutARecordNeverCompletes() {
        ObservedFleet observed = Specs.observed(
                new ObservedMachine("migrate", new MachineState.Orphan(7), Optional.empty(), Optional.empty()));
        Plan alone = Planner.converge(fleet("old"), observed, Specs.host(8, 16),
                new Scope(List.of(new Selector("web")), List.of(), true));
        assertEquals(List.of("`web` waits for job `migrate`, which is no job as this plan leaves it"),
                warnings(alone));
        assertEquals(List.of(), warnings(Planner.converge(fleet("old"), observed, Specs.host(8, 16))));
    }

    @Test
    void machineThatIgnoresThatItIsToBecomeAJobNeverCompletes() {
        Fleet service = Specs.fleet("machines: { migrate: { run: { command: [x], restart: always } } }");
        Fleet job = Specs.fleet("""
                machines:
                  migrate: { run: { command: [x], restart: never }, ignoreChanges: [run] }
                  web: { dependsOn: { migrate: completed } }
                """);
        Plan plan = Planner.converge(job, Specs.converged(service), Specs.host(8, 16));
        assertEquals(List.of("`web` waits for job `migrate`, which is no job as this plan leaves it"), warnings(plan));
        assertEquals(List.of(), plan.schedule().bookings().stream().filter(b -> b.machine().equals("web")).toList());
    }

    private static String reason(Plan plan) {
        return plan.changes().stream().filter(c -> c.machine().equals("migrate")).findFirst().orElseThrow().reason();
    }
}
