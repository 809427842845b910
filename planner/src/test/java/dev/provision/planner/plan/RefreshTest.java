package dev.provision.planner.plan;

import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.junit.jupiter.api.Test;

import dev.provision.planner.Specs;
import dev.provision.planner.diff.Disruption;
import dev.provision.planner.observed.MachineState;
import dev.provision.planner.observed.ObservedFleet;
import dev.provision.schema.fleet.MachineSpec;
import dev.provision.schema.units.ByteSize;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class RefreshTest {

    private static final String KEYS = "resources: { cpus: { limit: 2, max: 4 }, memory: { limit: 512MiB, max: 1GiB }, storage: 2GiB }";

    private static final MachineSpec APPLIED = Specs.machine(KEYS);

    private static ObservedFleet with(MachineSpec record, long mib, int vcpus, long gib) {
        return Specs.observed(Map.of("a", ByteSize.ofGib(gib)),
                Specs.observed(record, new MachineState.Running(7, true, Optional.of(ByteSize.ofMib(mib)),
                        Optional.of(vcpus))));
    }

    private static Plan refresh(ObservedFleet observed, Scope scope) {
        return Planner.refresh(Specs.fleet("machines: {a: {" + KEYS + "}}"), observed, Specs.host(8, 16), scope);
    }

    @Test
    void onlyTargetsAreRefreshed() {
        Scope other = new Scope(List.of(new Selector("b")), List.of(), true);
        assertTrue(refresh(with(APPLIED, 300, 3, 3), other).isRefused(), "there is no b");
        Scope one = new Scope(List.of(new Selector("a")), List.of(), true);
        assertEquals(1, refresh(with(APPLIED, 300, 3, 3), one).actions().size());
    }

    /** As in plans of machines: one that is as it was applied is not out of scope. */
    @Test
    void onlyWhatWouldChangeIsOutOfScope() {
        MachineSpec other = Specs.fleet("machines: {b: {}}").machines().firstEntry().getValue().spec();
        ObservedFleet observed = Specs.observed(Specs.observed(APPLIED, Specs.running(APPLIED)),
                Specs.observed(other, Specs.running(other)));
        Scope a = new Scope(List.of(new Selector("a")), List.of(), true);
        assertEquals(0, refresh(observed, a).changes().stream().filter(MachineChange::isOutOfScope).count());
        ObservedFleet drifted = Specs.observed(Specs.observed(APPLIED, Specs.running(APPLIED)),
                Specs.observed(other, new MachineState.Running(7, true, Optional.of(ByteSize.ofMib(300)),
                        Optional.of(1))));
        Plan plan = refresh(drifted, a);
        assertEquals(List.of("b"), plan.changes()
                .stream()
                .filter(MachineChange::isOutOfScope)
                .map(MachineChange::machine)
                .toList());
        assertTrue(plan.refreshOnly() && plan.on(drifted, Specs.host(8, 16)).refreshOnly());
    }

    @Test
    void hardLimitIsNeverBelowWhatIsThere() {
        MachineSpec hard = Specs.machine("resources: { memory: { limit: 512MiB, max: 1GiB, hard: 600MiB } }");
        MachineSpec there = Planner
                .refresh(Specs.fleet("machines: {a: {}}"), with(hard, 700, 1, 1), Specs.host(8, 16), Scope.ALL)
                .actions()
                .getFirst()
                .wanted()
                .orElseThrow();
        assertEquals(Optional.of(ByteSize.ofMib(700)), there.resources().memory().hard());
    }

    @Test
    void recordTakesWhatDriftedAndTheMachineIsNotTouched() {
        Plan plan = refresh(with(APPLIED, 300, 3, 3), Scope.ALL);
        MachineChange change = plan.actions().getFirst();
        assertEquals(Disruption.LIVE, change.disruption());
        assertEquals(List.of("cpus.limit", "memory.limit", "storage"),
                change.fields().stream().map(field -> field.path()).filter(path -> !path.endsWith("request")).toList());
        assertEquals(1, change.steps().size(), "nothing but the record");
        MachineSpec there = change.wanted().orElseThrow();
        assertEquals(change.steps(), List.of(new Step.SaveSpec(there)));
        assertEquals(ByteSize.ofMib(300), there.resources().memory().limit());
        assertEquals(List.of(), refresh(with(there, 300, 3, 3), Scope.ALL).actions());
    }

    @Test
    void afterwardsTheDifferenceIsAChangeAndNoDrift() {
        MachineSpec there = refresh(with(APPLIED, 300, 2, 2), Scope.ALL)
                .actions()
                .getFirst()
                .wanted()
                .orElseThrow();
        Plan plan = Planner.converge(Specs.fleet("machines: {a: {" + KEYS + "}}"), with(there, 300, 2, 2),
                Specs.host(8, 16));
        assertTrue(plan.actions().getFirst().fields().stream().noneMatch(field -> field.isDrift()));
        assertEquals(Disruption.LIVE, plan.worst());
    }

    @Test
    void whatIsAsItWasAppliedStaysSo() {
        assertEquals(List.of(), refresh(with(APPLIED, 512, 2, 2), Scope.ALL).actions());
        assertEquals(List.of(),
                refresh(Specs.observed(Specs.observed(APPLIED, new MachineState.Dead("gone"))), Scope.ALL)
                        .actions());
    }
}
