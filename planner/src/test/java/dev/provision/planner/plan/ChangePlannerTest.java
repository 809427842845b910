package dev.provision.planner.plan;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.provision.planner.Specs;
import dev.provision.planner.diff.Disruption;
import dev.provision.planner.diff.FieldChange;
import dev.provision.planner.observed.MachineState;
import dev.provision.planner.observed.ObservedMachine;
import dev.provision.schema.fleet.Fleet;
import dev.provision.schema.fleet.MachineSpec;
import dev.provision.schema.units.ByteSize;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What happens to machine {@code a}, for every state it can be in and every kind of change. */
class ChangePlannerTest {

    /** A machine, and what each kind of change makes of it. */
    private static Fleet fleet(String change, String restart) {
        String memory = change.equals("live") ? "512MiB" : "1GiB";
        String variable = change.equals("restart") ? "new" : "old";
        String image = change.equals("recreate") ? "debian" : "builtin";
        return Specs.fleet("""
                machines:
                  a:
                    resources: { memory: %s, shm: 64MiB }
                    image: %s
                    env: { V: %s }
                    run: { command: [c], restart: %s }
                """.formatted(memory, image, variable, restart));
    }

    private static MachineState state(String name, MachineSpec applied) {
        return switch (name) {
            case "running" -> Specs.running(applied);
            case "booting" -> new MachineState.Running(42, false, Optional.of(ByteSize.ofGib(8)), Optional.of(1));
            case "paused" -> new MachineState.Paused(42, "the disk is full");
            case "unresponsive" -> new MachineState.Unresponsive(42, "timeout");
            case "over" -> new MachineState.Unresponsive(42, "its command has ended", true);
            case "completed" -> new MachineState.Completed(0);
            case "failed" -> new MachineState.Completed(3);
            case "stopped" -> new MachineState.Stopped();
            case "dead" -> new MachineState.Dead("killed");
            case "created" -> new MachineState.Created();
            case "broken" -> new MachineState.Broken("no JSON");
            case "orphan" -> new MachineState.Orphan(42);
            default -> throw new IllegalArgumentException(name);
        };
    }

    private static MachineChange plan(Fleet fleet, ObservedMachine machine) {
        Plan plan = Planner.converge(fleet, Specs.observed(machine), Specs.host(8, 16));
        assertEquals(1, plan.changes().size());
        return plan.changes().getFirst();
    }

    private static String text(MachineChange change) {
        String steps = change.steps()
                .stream()
                .map(step -> step.getClass().getSimpleName())
                .collect(Collectors.joining(" "));
        return (change.disruption().word() + " " + steps).strip();
    }

    private static final String BOOT = "Stop GrowDisks Start";
    private static final String FRESH = "Stop DiscardOverlay GrowDisks Start";
    private static final String ANEW = "Stop Remove Create GrowDisks Start";

    @ParameterizedTest(name = "{0} × {1}")
    @CsvSource({"running, none, keep", "running, live, live ResizeMemory SaveSpec", "running, restart, restart " + BOOT,
        "running, recreate, recreate " + FRESH,
        // the balloon of a guest that boots is not drift
        "booting, none, start Start", "booting, live, start Start ResizeMemory SaveSpec",
        "booting, restart, restart " + BOOT, "booting, recreate, recreate " + FRESH,
        "paused, none, start Start SaveSpec", "paused, live, start Start ResizeMemory SaveSpec",
        "paused, restart, restart " + BOOT, "paused, recreate, recreate " + FRESH,
        "unresponsive, none, restart " + BOOT, "unresponsive, live, restart " + BOOT,
        "unresponsive, restart, restart " + BOOT, "unresponsive, recreate, recreate " + FRESH,
        "over, none, stop Stop", "over, live, stop Stop SaveSpec", "over, restart, restart " + BOOT,
        "over, recreate, recreate " + FRESH,
        "completed, none, keep", "completed, live, live SaveSpec", "completed, restart, start " + BOOT,
        "completed, recreate, recreate " + FRESH,
        "failed, none, keep", "failed, live, live SaveSpec", "failed, restart, start " + BOOT,
        "failed, recreate, recreate " + FRESH,
        "stopped, none, start " + BOOT, "stopped, live, start " + BOOT, "stopped, restart, start " + BOOT,
        "stopped, recreate, recreate " + FRESH,
        "dead, none, start " + BOOT, "dead, live, start " + BOOT, "dead, restart, start " + BOOT,
        "dead, recreate, recreate " + FRESH,
        "created, none, start Create Start", "created, live, create " + ANEW, "created, restart, create " + ANEW,
        "created, recreate, create " + ANEW,
        "broken, none, recreate " + ANEW, "broken, live, recreate " + ANEW, "broken, restart, recreate " + ANEW,
        "broken, recreate, recreate " + ANEW,
        "orphan, none, recreate " + ANEW, "orphan, live, recreate " + ANEW, "orphan, restart, recreate " + ANEW,
        "orphan, recreate, recreate " + ANEW})
    void everyStateAndChange(String state, String change, String expected) {
        MachineSpec applied = spec(fleet("none", "never"));
        MachineChange planned = plan(fleet(change, "never"), Specs.observed(applied, state(state, applied)));
        assertEquals(expected, text(planned));
        assertTrue(planned.disruption() == Disruption.KEEP || change.equals("live") || change.equals("restart")
                || change.equals("recreate") || !planned.reason().isEmpty());
    }

    private static MachineSpec spec(Fleet fleet) {
        return fleet.machines().values().iterator().next().spec();
    }

    @ParameterizedTest
    @ValueSource(strings = {"running", "paused", "unresponsive", "completed", "stopped", "dead", "broken", "orphan"})
    void withoutItsRecordAMachineIsMadeAnew(String state) {
        Fleet fleet = fleet("none", "never");
        var lost = new ObservedMachine("a", state(state, spec(fleet)), Optional.empty(), Optional.empty());
        assertEquals("recreate " + ANEW, text(plan(fleet, lost)));
    }

    /** Its advice would be about a restart that nobody is spared, since nothing runs. */
    @Test
    void whatIsDownIsNotToldHowARestartWouldHaveBeenSpared() {
        Fleet fleet = Specs.fleet("machines: {a: {resources: {memory: 1GiB}}}");
        MachineSpec small = Specs.machine("resources: {memory: 512MiB}");
        for (MachineState state : List.of(new MachineState.Stopped(), new MachineState.Dead("gone"))) {
            FieldChange field = memory(fleet, Specs.observed(small, state));
            assertEquals("", field.milder(), state::toString);
        }
        assertEquals("set memory.max above 1 GiB to make the next one live",
                memory(fleet, Specs.observed(small, Specs.running(small))).milder());
    }

    private static FieldChange memory(Fleet fleet, ObservedMachine there) {
        return Planner.converge(fleet, Specs.observed(there), Specs.host(8, 16))
                .changes()
                .getFirst()
                .fields()
                .stream()
                .filter(field -> field.path().equals("memory.limit"))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aCreationThatWasCutShortBeforeItsRecordIsMadeAnewWithoutDestroyingAnything() {
        var lost = new ObservedMachine("a", new MachineState.Created(), Optional.empty(), Optional.empty());
        assertEquals("create " + ANEW, text(plan(fleet("none", "never"), lost)));
    }

    @Test
    void aJobThatBecameAServiceIsStarted() {
        MachineSpec job = spec(fleet("none", "never"));
        assertEquals("start Stop GrowDisks SaveSpec Start",
                text(plan(fleet("none", "always"), Specs.observed(job, new MachineState.Completed(0)))));
    }

    @Test
    void aMissingMachineIsCreatedAndTakesOverKeptStorage() {
        Fleet fleet = Specs.fleet("machines: {a: {resources: {storage: 2}}}");
        Plan none = Planner.converge(fleet, Specs.observed(), Specs.host(8, 16));
        assertEquals("create Create Start", text(none.changes().getFirst()));
        Plan kept = Planner.converge(fleet, Specs.observed(Map.of("a", ByteSize.ofGib(1))), Specs.host(8, 16));
        assertEquals("create Create GrowDisks Start", text(kept.changes().getFirst()));
        assertEquals("takes over the storage that was kept", kept.changes().getFirst().reason());
    }

    @Test
    void aMachineThatIsNotReadyIsJudgedByTheProbeThatIsWantedNow() {
        MachineSpec applied = Specs.machine("ready: {tcp: 81}");
        var booting = new MachineState.Running(42, false, Optional.empty(), Optional.empty());
        MachineChange change = plan(Specs.fleet("machines: {a: {ready: {tcp: 80}, labels: {x: y}}}"),
                Specs.observed(applied, booting));
        MachineSpec wanted = Specs.machine("ready: {tcp: 80}, labels: {x: y}");
        assertEquals(List.of(new Step.Start(Specs.machine("ready: {tcp: 80}")), new Step.SaveSpec(wanted)),
                change.steps());
    }

    @Test
    void anUnwantedMachineGoesAndItsStorageStays() {
        MachineSpec applied = spec(fleet("none", "never"));
        MachineChange change = plan(Specs.fleet("machines: {}"), Specs.observed(applied, Specs.running(applied)));
        assertEquals(Disruption.DESTROY, change.disruption());
        assertEquals(List.of(new Step.Stop(), new Step.Remove(false)), change.steps());
    }

    @Test
    void anUnwantedMachineWhoseRecordIsLostGoesToo() {
        var orphan = new ObservedMachine("z", new MachineState.Orphan(7), Optional.empty(), Optional.empty());
        assertEquals("destroy Stop Remove", text(plan(Specs.fleet("machines: {}"), orphan)));
    }
}
