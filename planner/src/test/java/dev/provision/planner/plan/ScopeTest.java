package dev.provision.planner.plan;

import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.provision.planner.Specs;
import dev.provision.planner.diff.Disruption;
import dev.provision.planner.observed.MachineState;
import dev.provision.planner.observed.ObservedFleet;
import dev.provision.planner.observed.ObservedMachine;
import dev.provision.schema.diagnostics.Code;
import dev.provision.schema.diagnostics.Diagnostic;
import dev.provision.schema.fleet.Fleet;
import dev.provision.schema.fleet.MachineSpec;
import dev.provision.schema.units.ByteSize;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class ScopeTest {

    private static final Fleet FLEET = Specs.fleet("""
            machines:
              db: { labels: { tier: back } }
              cache: { labels: { tier: back, zone: a } }
              web: { count: 2, dependsOn: { db: ready }, labels: { tier: front } }
              other: { dependsOn: { web-0: ready } }
            """);

    private static final ObservedFleet NOTHING = Specs.observed();

    private static Plan plan(ObservedFleet observed, List<String> targets, List<String> replaced, boolean prune) {
        return Planner.converge(FLEET, observed, Specs.host(16, 64), new Scope(
                targets.stream().map(Selector::new).toList(), replaced.stream().map(Selector::new).toList(), prune));
    }

    private static List<String> acted(Plan plan) {
        return plan.actions().stream().map(MachineChange::machine).sorted().toList();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            cache                  | cache
            web                    | db web-0 web-1
            web-1                  | db web-1
            tier=back              | cache db
            tier=back,zone!=a      | db
            tier!=back,tier!=front | db other web-0
            db,tier=back           | db
            other                  | db other web-0
            """)
    void targetsAndWhatTheyNeedAreActedOn(String selector, String machines) {
        Plan plan = plan(NOTHING, List.of(selector), List.of(), true);
        assertEquals(List.of(machines.split(" ")), acted(plan));
        assertEquals(5, plan.changes().size());
        assertEquals(List.of(), plan.problems());
    }

    @Test
    void dependencyThatRunsIsLeftAsItIsEvenWhenItDiffers() {
        Fleet before = Specs.fleet("machines: { db: { env: { A: b } } }");
        ObservedFleet observed = Specs.converged(before);
        assertEquals(List.of("web-0"), acted(plan(observed, List.of("web-0"), List.of(), true)));
        MachineChange db = plan(observed, List.of("web-0"), List.of(), true).changes()
                .stream()
                .filter(change -> change.machine().equals("db"))
                .findFirst()
                .orElseThrow();
        assertEquals(Optional.of(OutOfScope.NOT_TARGETED), db.outOfScope());
        assertEquals(before.machines().firstEntry().getValue().spec(), db.wanted().orElseThrow(),
                "what it holds of the pool");
    }

    /** Whatever its class is: who is targeted is not booted over a machine that is down. */
    @Test
    void dependencyThatIsDownComesUpToo() {
        MachineSpec before = Specs.fleet("machines: { db: { image: debian, env: { A: b } } }")
                .machines()
                .firstEntry()
                .getValue()
                .spec();
        for (MachineState state : List.of(new MachineState.Stopped(), new MachineState.Dead("gone"),
                new MachineState.Unresponsive(42, "mute"),
                new MachineState.Running(42, false, Optional.empty(), Optional.empty()))) {
            ObservedFleet observed = Specs.observed(Specs.observed(before, state));
            assertEquals(List.of("db", "web-0"), acted(plan(observed, List.of("web-0"), List.of(), true)),
                    state::toString);
        }
        var broken = new ObservedMachine("db", new MachineState.Broken("no JSON"), Optional.empty(), Optional.empty());
        assertEquals(List.of("db", "web-0"),
                acted(plan(Specs.observed(broken), List.of("web-0"), List.of(), true)));
        ObservedFleet stopped = Specs.observed(Specs.observed(before, new MachineState.Stopped()));
        assertEquals(List.of("db", "web-0"), acted(plan(stopped, List.of("web-0"), List.of("db"), true)));
        ObservedFleet up = Specs.observed(Specs.observed(before, Specs.running(before)));
        assertEquals(List.of("web-0"), acted(plan(up, List.of("web-0"), List.of(), true)), "it is up");
    }

    /** Each of them would refuse the plan of the whole manifest. */
    @ParameterizedTest
    @ValueSource(strings = {"image: nowhere", "resources: { gpu: true }", "resources: { storage: 1GiB }",
        "resources: { disks: { lost: 1GiB } }", "resources: { cpus: 32 }", "resources: { memory: 48GiB }"})
    void onlyWhatThePlanIsAboutRefusesIt(String keys) {
        Fleet fleet = Specs.fleet("host: { limits: { memory: 32GiB } }\nmachines: { web: {}, bad: { " + keys + " } }");
        MachineSpec bad = Objects.requireNonNull(fleet.machines().get("bad")).spec();
        ObservedFleet observed = Specs.observed(Map.of("bad", ByteSize.ofGib(2)),
                Specs.observed(bad, Specs.running(bad)));
        Plan all = Planner.converge(fleet, observed, Specs.host(16, 64));
        assertTrue(all.isRefused());
        Plan web = Planner.converge(fleet, observed, Specs.host(32, 256),
                new Scope(List.of(new Selector("web")), List.of(), true));
        assertEquals(List.of(), web.problems());
        Plan itself = Planner.converge(fleet, observed, Specs.host(16, 64),
                new Scope(List.of(new Selector("bad")), List.of(), true));
        assertTrue(itself.isRefused());
    }

    /** What runs on holds its share, whatever the plan is about. */
    @Test
    void machinesThatAreLeftAloneCountForThePool() {
        Fleet fleet = Specs.fleet("host: { pool: { cpus: 2, memory: 1GiB } }\n"
                + "machines: { web: { resources: { memory: 512MiB } }, other: { resources: { memory: 1GiB } } }");
        MachineSpec other = Objects.requireNonNull(fleet.machines().get("other")).spec();
        Plan plan = Planner.converge(fleet, Specs.observed(Specs.observed(other, Specs.running(other))),
                Specs.host(16, 64), new Scope(List.of(new Selector("web")), List.of(), true));
        assertEquals(List.of(Code.FLEET_EXCEEDS_POOL),
                plan.problems().stream().filter(Diagnostic::isError).map(Diagnostic::code).toList());
        assertTrue(plan.problems().getFirst().why().contains("running on beside them: `other`"));
    }

    @Test
    void targetThatIsNotThereIsRefused() {
        Plan plan = plan(NOTHING, List.of("wbe"), List.of("cahce"), true);
        assertEquals(List.of(Code.NO_SUCH_TARGET, Code.NO_SUCH_TARGET),
                plan.problems().stream().map(problem -> problem.code()).toList());
        assertTrue(plan.problems().stream().anyMatch(problem -> problem.fix().contains("cache")));
    }

    @Test
    void replacedMachineIsMadeAnewAndKeepsItsStorage() {
        Plan plan = plan(Specs.converged(FLEET), List.of(), List.of("cache"), true);
        assertEquals(List.of("cache"), acted(plan));
        assertEquals(Disruption.RECREATE, plan.worst());
        assertTrue(plan.actions().getFirst().steps().contains(new Step.Remove(false)));
    }

    /** Left out in silence, it would look as if it had been replaced. */
    @Test
    void whoIsReplacedMustBeTargeted() {
        ObservedFleet there = Specs.converged(FLEET);
        Plan plan = plan(there, List.of("web-0"), List.of("web", "cache"), true);
        assertEquals(List.of(
                "--replace cache matches what is not targeted: cache; add --target cache, or replace targets only",
                "--replace web matches what is not targeted: web-1; add --target web, or replace targets only"),
                plan.problems().stream().map(problem -> problem.what() + "; " + problem.fix()).sorted().toList());
        assertTrue(plan.isRefused());
        Plan within = plan(there, List.of("web"), List.of("web-0"), true);
        assertEquals(List.of("web-0"), acted(within));
        assertEquals(List.of(), within.problems());
    }

    @Test
    void namesJoinedByACommaMeanOneMachineThatHasBoth() {
        Plan plan = plan(NOTHING, List.of("web-0,db"), List.of(), true);
        assertEquals("terms joined by commas must all hold; for either of them repeat the option",
                plan.problems().getFirst().fix());
        assertEquals("name a machine, an entry of the manifest, or label=value",
                plan(NOTHING, List.of("nobody,db"), List.of(), true).problems().getFirst().fix());
    }

    @Test
    void whatTheManifestDoesNotNameGoesUnlessItIsLeftAlone() {
        ObservedFleet observed = Specs.observed(Specs.observed(Specs.machine(""), new MachineState.Stopped()));
        assertTrue(acted(plan(observed, List.of(), List.of(), true)).contains("a"));
        Plan left = plan(observed, List.of(), List.of(), false);
        assertFalse(acted(left).contains("a"));
        assertTrue(left.changes()
                .stream()
                .anyMatch(change -> change.machine().equals("a")
                        && change.outOfScope().equals(Optional.of(OutOfScope.NOT_IN_MANIFEST))));
    }

    @Test
    void permissionRefusesEachMachineThatNeedsMore() {
        ObservedFleet observed = Specs.observed(Specs.observed(Specs.machine(""), new MachineState.Stopped()));
        Plan plan = plan(observed, List.of(), List.of(), true);
        assertEquals(List.of("to destroy `a` is not allowed here"), Permission.DEFAULT.check(plan)
                .problems()
                .stream()
                .map(problem -> problem.what())
                .toList());
        assertFalse(Permission.ALL.check(plan).isRefused());
        assertFalse(Permission.DEFAULT.with(Disruption.DESTROY).check(plan).isRefused());
        assertEquals(6, new Permission(Set.of()).check(plan).problems().size());
        assertEquals(5, new Permission(EnumSet.of(Disruption.DESTROY)).check(plan).problems().size());
    }

    /** Who does what one of the problems advises is not refused again because of another one. */
    @Test
    void adviceIsEnoughForTheWholePlan() {
        ObservedFleet observed = Specs.observed(Specs.observed(Specs.machine(""), new MachineState.Stopped()));
        Plan plan = new Permission(Set.of(Disruption.LIVE)).check(plan(observed, List.of(), List.of(), true));
        assertEquals(6, plan.problems().size());
        plan.problems()
                .forEach(problem -> assertTrue(
                        problem.fix().startsWith("allow it with --allow=live,create,destroy, or "), problem.fix()));
        assertFalse(new Permission(Set.of(Disruption.LIVE, Disruption.CREATE, Disruption.DESTROY))
                .check(plan(observed, List.of(), List.of(), true))
                .isRefused());
    }

    /** To wait for a guest is always allowed; to change it on the way is not. */
    @Test
    void aRunningMachineThatIsNotReadyIsChangedOnlyWhereThatIsAllowed() {
        MachineSpec cache = Specs.fleet("machines: { cache: { resources: { memory: { limit: 512MiB, max: 2GiB } } } }")
                .machines()
                .firstEntry()
                .getValue()
                .spec();
        Fleet larger = Specs.fleet("machines: { cache: { resources: { memory: { limit: 1GiB, max: 2GiB } } } }");
        ObservedFleet unready = Specs.observed(
                Specs.observed(cache, new MachineState.Running(42, false, Optional.empty(), Optional.empty())));
        Plan plan = Planner.converge(larger, unready, Specs.host(16, 64));
        assertEquals(Disruption.START, plan.worst());
        assertEquals(List.of("to change `cache` live is not allowed here"), new Permission(Set.of()).check(plan)
                .problems()
                .stream()
                .map(problem -> problem.what())
                .toList());
        assertFalse(new Permission(Set.of(Disruption.LIVE)).check(plan).isRefused());
        Plan stopped = Planner.converge(larger, Specs.observed(Specs.observed(cache, new MachineState.Stopped())),
                Specs.host(16, 64));
        assertFalse(new Permission(Set.of()).check(stopped).isRefused(), "nothing that runs is disturbed");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ",", "a,", "=b", "!=b", " "})
    void selectorOfNothingIsNone(String text) {
        assertThrows(IllegalArgumentException.class, () -> new Selector(text));
    }

    @Test
    void disruptionIsTheWorstOfAll() {
        assertEquals(Disruption.KEEP, plan(Specs.converged(FLEET), List.of(), List.of(), true).worst());
        assertEquals(List.of(Disruption.CREATE), Stream.of(plan(NOTHING, List.of(), List.of(), true).worst()).toList());
    }
}
