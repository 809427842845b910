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

    @Test
    void recordTakesWhatDriftedAndTheMachineIsNotTouched() {
        Plan plan = Planner.refresh(with(APPLIED, 300, 3, 3), Specs.host(8, 16));
        MachineChange change = plan.actions().getFirst();
        assertEquals(Disruption.LIVE, change.disruption());
        assertEquals(List.of("cpus.limit", "memory.limit", "storage"),
                change.fields().stream().map(field -> field.path()).filter(path -> !path.endsWith("request")).toList());
        assertEquals(1, change.steps().size(), "nothing but the record");
        MachineSpec there = change.wanted().orElseThrow();
        assertEquals(change.steps(), List.of(new Step.SaveSpec(there)));
        assertEquals(ByteSize.ofMib(300), there.resources().memory().limit());
        assertEquals(List.of(), Planner.refresh(with(there, 300, 3, 3), Specs.host(8, 16)).actions());
    }

    @Test
    void afterwardsTheDifferenceIsAChangeAndNoDrift() {
        MachineSpec there = Planner.refresh(with(APPLIED, 300, 2, 2), Specs.host(8, 16))
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
        assertEquals(List.of(), Planner.refresh(with(APPLIED, 512, 2, 2), Specs.host(8, 16)).actions());
        assertEquals(List.of(), Planner
                .refresh(Specs.observed(Specs.observed(APPLIED, new MachineState.Dead("gone"))), Specs.host(8, 16))
                .actions());
    }
}
