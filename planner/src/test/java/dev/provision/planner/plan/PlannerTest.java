package dev.provision.planner.plan;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

import org.junit.jupiter.api.Test;

import dev.provision.planner.Specs;
import dev.provision.planner.observed.MachineState;
import dev.provision.planner.schedule.Booking;
import dev.provision.schema.diagnostics.Code;
import dev.provision.schema.diagnostics.Diagnostic;
import dev.provision.schema.diagnostics.SourceText;
import dev.provision.schema.diagnostics.Span;
import dev.provision.schema.fleet.Fleet;
import dev.provision.schema.fleet.MachineSpec;
import dev.provision.schema.units.ByteSize;

import static org.junit.jupiter.api.Assertions.assertEquals;

class PlannerTest {

    private static final Planner.Host HOST = Specs.host(16, 64);

    private static String names(List<MachineChange> changes) {
        return changes.stream().map(MachineChange::machine).collect(Collectors.joining(" "));
    }

    @Test
    void aConvergedFleetNeedsNothing() {
        Fleet fleet = Specs.fleet("""
                profiles: { p: { resources: { cpus: [0.5, 2], memory: { limit: 1GiB, max: 2GiB }, storage: 1 } } }
                machines:
                  db: { profile: p, ports: ["1:1"], env: { A: b } }
                  web: { count: 3, dependsOn: { db: ready } }
                  job: { run: { command: x, restart: never } }
                """);
        Plan plan = Planner.converge(fleet, Specs.converged(fleet), HOST);
        assertEquals(List.of(), plan.actions());
        assertEquals(5, plan.changes().size());
    }

    @Test
    void problemsOfTheManifestJoinThoseOfThePlanByPlace() {
        Plan plan = Planner.converge(Specs.fleet("machines: { a: { image: nosuch } }"), Specs.observed(), HOST);
        SourceText manifest = new SourceText("m.yaml", "");
        Diagnostic above = Diagnostic.warning(Code.INVALID_VALUE, new Span(manifest, 1, 1, 1), "a slip, perhaps");
        Plan both = plan.withProblems(List.of(above, plan.problems().getFirst()));
        assertEquals(List.of(above, plan.problems().getFirst()), both.problems());
        assertEquals(plan.changes(), both.changes());
    }

    @Test
    void whatGoesComesFirstThenDependenciesBeforeDependents() {
        Fleet fleet = Specs.fleet("""
                machines:
                  a: { dependsOn: { m: ready } }
                  b: {}
                  m: { dependsOn: { z: started } }
                  z: {}
                """);
        MachineSpec old = Specs.machine("").named("old");
        Plan plan = Planner.converge(fleet, Specs.observed(Specs.observed(old, new MachineState.Stopped())), HOST);
        assertEquals("old z m a b", names(plan.changes()));
    }

    @Test
    void longChainsOfDependenciesAreOrdered() {
        StringBuilder text = new StringBuilder("machines:\n  m20000: {}\n");
        for (int i = 0; i < 20_000; i++) {
            text.append("  m%d: {dependsOn: {m%d: ready}}\n".formatted(i, i + 1));
        }
        Plan plan = Planner.converge(Specs.fleet(text.toString()), Specs.observed(), HOST);
        assertEquals("m20000", plan.changes().getFirst().machine());
        assertEquals("m0", plan.changes().getLast().machine());
    }

    @Test
    void destroyTakesEveryMachineAndKeptStorageOnlyWhenTold() {
        MachineSpec spec = Specs.machine("");
        var observed = Specs.observed(Map.of("gone", ByteSize.ofMib(1), "a.scratch", ByteSize.ofMib(1)),
                Specs.observed(spec, Specs.running(spec)));
        Plan keeping = Planner.destroy(observed, Set.of(), false, HOST);
        assertEquals("a", names(keeping.changes()));
        assertEquals(List.of(new Step.Stop(), new Step.Remove(false)), keeping.changes().getFirst().steps());
        Plan all = Planner.destroy(observed, Set.of(), true, HOST);
        assertEquals("a gone", names(all.changes()));
        assertEquals(List.of(new Step.Remove(true)), all.changes().getLast().steps());
        assertEquals("gone", names(Planner.destroy(observed, Set.of("gone", "nobody"), true, HOST).changes()));
    }

    /** It would wait for a machine that waits for its share, for ever. */
    @Test
    void aJobThatBootsAlreadyWaitsForNobody() {
        Fleet fleet = Specs.fleet("""
                host: { pool: { cpus: 2, memory: 1GiB } }
                machines:
                  first: { resources: { memory: 700MiB }, run: { command: [a], restart: never } }
                  boots:
                    resources: { memory: 512MiB }
                    run: { command: [b], restart: never }
                    dependsOn: { first: started }
                """);
        MachineSpec boots = Objects.requireNonNull(fleet.machines().get("boots")).spec();
        MachineState booting = new MachineState.Running(42, false, Optional.empty(), Optional.empty());
        Plan plan = Planner.converge(fleet, Specs.observed(Specs.observed(boots, booting)), HOST);
        assertEquals(List.of(), plan.problems());
        assertEquals(Set.of("boots", "first"),
                plan.schedule().bookings().stream().map(Booking::machine).collect(Collectors.toSet()));
    }
}
