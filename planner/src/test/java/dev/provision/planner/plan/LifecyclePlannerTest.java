package dev.provision.planner.plan;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import dev.provision.planner.Specs;
import dev.provision.planner.host.ListeningPort;
import dev.provision.planner.observed.MachineState;
import dev.provision.planner.observed.ObservedFleet;
import dev.provision.planner.observed.ObservedMachine;
import dev.provision.planner.plan.LifecyclePlanner.Action;
import dev.provision.schema.diagnostics.Code;
import dev.provision.schema.fleet.Condition;
import dev.provision.schema.fleet.MachineSpec;
import dev.provision.schema.fleet.PortForward;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class LifecyclePlannerTest {

    private static final MachineSpec SPEC = Specs.machine("");

    private static Plan plan(Action action, Set<String> names, ObservedFleet observed, int cpus) {
        return LifecyclePlanner.plan(action, names, observed, Specs.host(cpus, 8));
    }

    private static MachineState state(String name) {
        return switch (name) {
            case "running" -> Specs.running(SPEC);
            case "booting" -> new MachineState.Running(42, false, Optional.empty(), Optional.empty());
            case "paused" -> new MachineState.Paused(42, "the disk is full");
            case "unresponsive" -> new MachineState.Unresponsive(42, "timeout");
            case "completed" -> new MachineState.Completed(0);
            case "stopped" -> new MachineState.Stopped();
            case "dead" -> new MachineState.Dead("killed");
            case "created" -> new MachineState.Created();
            case "orphan" -> new MachineState.Orphan(42);
            default -> throw new IllegalArgumentException(name);
        };
    }

    @ParameterizedTest
    @CsvSource({"running, keep, stop Stop, restart Stop Start", "booting, start Start, stop Stop, restart Stop Start",
        "paused, start Start, stop Stop, restart Stop Start",
        "unresponsive, start Stop Start, stop Stop, restart Stop Start",
        "completed, start Stop Start, keep, restart Stop Start", "stopped, start Stop Start, keep, restart Stop Start",
        "dead, start Stop Start, stop Stop, restart Stop Start",
        "created, start Create Start, keep, restart Create Start",
        "orphan, start Stop Start, stop Stop, restart Stop Start"})
    void everyStateAndAction(String state, String start, String stop, String restart) {
        ObservedFleet observed = Specs.observed(Specs.observed(SPEC, state(state)));
        assertEquals(List.of(start, stop, restart),
                List.of(text(Action.START, observed), text(Action.STOP, observed), text(Action.RESTART, observed)));
    }

    private static String text(Action action, ObservedFleet observed) {
        MachineChange change = plan(action, Set.of("a"), observed, 4).changes().getFirst();
        return (change.disruption().word() + " "
                + change.steps().stream().map(step -> step.getClass().getSimpleName()).collect(Collectors.joining(" ")))
                .strip();
    }

    @Test
    void aMachineWithoutARecordCannotBeStartedButStopped() {
        ObservedFleet lost = Specs
                .observed(new ObservedMachine("a", new MachineState.Orphan(7), Optional.empty(), Optional.empty()));
        Plan start = plan(Action.START, Set.of("a"), lost, 4);
        assertTrue(start.isRefused());
        assertEquals(Code.STORE_UNUSABLE, start.problems().getFirst().code());
        assertEquals("stop Stop", text(Action.STOP, lost));
    }

    @Test
    void onlyNamedMachinesAreTouchedAndDependenciesComeFirst() {
        var fleet = Specs.fleet("machines: {a: {dependsOn: {z: ready}}, m: {}, z: {}}");
        var stopped = Specs.converged(fleet)
                .machines()
                .values()
                .stream()
                .map(machine -> Specs.observed(machine.applied().orElseThrow(), new MachineState.Stopped()))
                .toArray(ObservedMachine[]::new);
        Plan plan = plan(Action.START, Set.of("a", "z", "nobody"), Specs.observed(stopped), 4);
        assertEquals(List.of("z", "a", "m"), plan.changes().stream().map(MachineChange::machine).toList());
        assertEquals(List.of("z", "a"), plan.actions().stream().map(MachineChange::machine).toList());
        assertEquals(Map.of("z", Condition.READY), plan.actions().getLast().dependsOn());
    }

    @Test
    void nobodyWaitsForAMachineThatIsGone() {
        MachineSpec orphaned = Specs.fleet("machines: {a: {dependsOn: {z: ready}}, z: {}}")
                .machines()
                .firstEntry()
                .getValue()
                .spec();
        Plan plan = plan(Action.START, Set.of("a"),
                Specs.observed(Specs.observed(orphaned, new MachineState.Stopped())), 4);
        assertEquals(Map.of(), plan.changes().getFirst().dependsOn());
        assertEquals(new Step.Start(orphaned), plan.changes().getFirst().steps().getLast());
    }

    /** It was applied into a pool that a flag had made larger, and this host's own could never hold it. */
    @Test
    void whatFittedOnceIsStartedWhateverTheHostsOwnPoolIs() {
        var large = Specs.machine("resources: {cpus: 64, memory: 64GiB}");
        Plan plan = plan(Action.START, Set.of("a"),
                Specs.observed(Specs.observed(large, new MachineState.Stopped())), 2);
        assertEquals(List.of(), plan.problems());
        assertEquals(1, plan.schedule().bookings().size());
    }

    @Test
    void aHostPortThatSomebodyElseHasTakenMeanwhileIsSaid() {
        MachineSpec spec = Specs.machine("ports: ['80:80']");
        ListeningPort nginx = new ListeningPort(PortForward.Protocol.TCP, "0.0.0.0", 80,
                Optional.of(new ListeningPort.Holder(7, "nginx", Optional.empty())));
        Planner.Host host = Specs.host(4, 8);
        Planner.Host busy = new Planner.Host(host.capacity().with(List.of(nginx)), host.accelerator(), host.images(),
                host.buildable(), host.estimates(), host.driver(), host.imageDigests());
        ObservedFleet stopped = Specs.observed(Specs.observed(spec, new MachineState.Stopped()));
        assertEquals(List.of(Code.HOST_PORT_TAKEN),
                LifecyclePlanner.plan(Action.START, Set.of("a"), stopped, busy)
                        .problems()
                        .stream()
                        .map(problem -> problem.code())
                        .toList());
        assertEquals(List.of(), LifecyclePlanner.plan(Action.START, Set.of("b"), stopped, busy).problems());
        assertEquals(List.of(), LifecyclePlanner.plan(Action.STOP, Set.of("a"),
                Specs.observed(Specs.observed(spec, Specs.running(spec))), busy).problems());
    }
}
