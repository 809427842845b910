package dev.provision.planner.plan;

import java.util.List;
import java.util.Set;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.provision.planner.diff.Disruption;
import dev.provision.schema.diagnostics.Code;
import dev.provision.schema.fleet.MachineSpec;

import static dev.provision.planner.Specs.fleet;
import static dev.provision.planner.Specs.host;
import static dev.provision.planner.Specs.machine;
import static dev.provision.planner.Specs.observed;
import static dev.provision.planner.Specs.running;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

class ProtectionTest {

    private static Plan plan(String machines, MachineSpec applied) {
        return Planner.converge(fleet("machines: {" + machines + "}"), observed(observed(applied, running(applied))),
                host(8, 16));
    }

    private static boolean isRefused(Plan plan) {
        return plan.problems().stream().anyMatch(problem -> problem.code() == Code.MACHINE_PROTECTED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a: {image: debian, protect: true}", "a: {image: debian, protect: true, env: {A: b}}",
        "a: {image: debian}", "a: {protect: false, image: debian}"})
    void whatWouldLoseAProtectedMachineIsRefused(String machines) {
        assertTrue(isRefused(plan(machines, machine("protect: true"))));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a: {protect: true}", "a: {protect: true, env: {A: b}}", "a: {}", "a: {protect: false}",
        "a: {env: {A: b}}", "a: {image: debian, protect: true, ignoreChanges: [image]}"})
    void whatKeepsItOrTakesTheProtectionBackIsNot(String machines) {
        Plan plan = plan(machines, machine("protect: true"));
        assertFalse(isRefused(plan), plan.problems()::toString);
    }

    /** A record that says nothing yet does not weaken what the manifest says. */
    @Test
    void whatTheManifestAloneProtectsIsProtectedToo() {
        Plan plan = plan("a: {image: debian, protect: true}", machine(""));
        assertTrue(isRefused(plan));
        assertTrue(plan.problems().getFirst().fix().endsWith("or set `protect: false`"));
        assertTrue(plan("a: {image: debian}", machine("protect: true")).problems()
                .getFirst()
                .fix()
                .endsWith("or apply `protect: false` alone first"));
    }

    @Test
    void whatIsReplacedOnDemandIsNoChangeToIgnore() {
        MachineSpec applied = machine("protect: true");
        Plan plan = Planner.converge(fleet("machines: {a: {protect: true}}"),
                observed(observed(applied, running(applied))), host(8, 16),
                new Scope(List.of(), List.of(new Selector("a")), true));
        assertEquals("leave it out of --replace, or apply `protect: false` alone first",
                plan.problems().getFirst().fix());
    }

    @Test
    void destroyIsRefusedToo() {
        MachineSpec applied = machine("protect: true");
        Plan plan = Planner.destroy(observed(observed(applied, running(applied))), Set.of(), false, host(8, 16));
        assertTrue(isRefused(plan));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "|image: debian|image",
        "|resources: {cpus: 4, memory: 2GiB, shm: 1MiB}|resources",
        "|resources: {memory: 2GiB}|resources.memory, resources.shm",
        "env: {TAG: 1, OLD: y}|env: {TAG: 2, NEW: x}|env",
        "env: {TAG: 1, A: x}|env: {TAG: 2, A: x}|env.TAG",
        "env: {TAG: 1}||env.TAG",
        "|ports: [\"80:80\"]|ports",
        "|run: {command: [x]}|run",
        "labels: {a: c}|labels: {a: b}|labels.a",
        "|ready: {timeout: 5s}|ready",
        "ttl: 1d|ttl: 5s|ttl"})
    void ignoredChangesAreNotApplied(@Nullable String before, @Nullable String after, String ignored) {
        String rest = "ignoreChanges: [" + ignored + "]";
        MachineSpec applied = machine((before == null ? "" : before + ", ") + rest);
        Plan plan = plan("a: {" + (after == null ? "" : after + ", ") + rest + "}", applied);
        assertEquals(Disruption.KEEP, plan.changes().getFirst().disruption(), plan.changes()::toString);
    }

    @Test
    void changesBesideTheIgnoredOnesAreApplied() {
        Plan plan = plan("a: {image: debian, env: {A: b}, ignoreChanges: [image]}",
                machine("ignoreChanges: [image]"));
        assertEquals(Disruption.RESTART, plan.changes().getFirst().disruption());
        assertEquals("builtin", plan.changes().getFirst().wanted().orElseThrow().image());
    }
}
