package dev.provision.planner.plan;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import dev.provision.planner.Specs;
import dev.provision.planner.diff.FieldChange;
import dev.provision.planner.observed.MachineState;
import dev.provision.planner.observed.ObservedFleet;
import dev.provision.planner.observed.ObservedMachine;
import dev.provision.schema.fleet.CanonicalForm;
import dev.provision.schema.fleet.CanonicalForm.ChangedDefault;
import dev.provision.schema.fleet.CpuPlacement;
import dev.provision.schema.fleet.Fleet;
import dev.provision.schema.fleet.MachineSpec;
import dev.provision.schema.fleet.ReadyCheck;
import dev.provision.schema.fleet.Resources;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

/** A default that is another one in a newer version, or comes with a new key, is no change of a machine that exists. */
class KeptDefaultsTest {

    /** The timeout was a minute before version 2; machines of version 1 knew no {@code swap} and were never swapped. */
    private static final CanonicalForm FORM = new CanonicalForm(2,
            List.of(new ChangedDefault(2, "ready.timeout",
                    spec -> spec.with(new ReadyCheck(spec.ready().probe(), Duration.ofMinutes(1)))),
                    new ChangedDefault(2, "resources.swap", spec -> spec.with(unswapped(spec.resources())))));
    private static final String OLD = "resources: {swap: false}, ready: {timeout: 1m}";

    private static Resources unswapped(Resources r) {
        return new Resources(r.cpus(), new CpuPlacement(r.placement().cpuset(), r.placement().shares()), r.memory(),
                false, r.overlay(), r.storage(), r.disks(), r.io(), r.shm(), r.gpu(), r.devices());
    }

    private static MachineChange plan(String keys, ObservedMachine there) {
        ObservedFleet observed = Specs.observed(there);
        Fleet fleet = KeptDefaults.in(Specs.fleet("machines: {a: {" + keys + "}}"), observed, FORM);
        return Planner.converge(fleet, observed, Specs.host(8, 16)).changes().getFirst();
    }

    private static ObservedMachine made(String keys, int canonicalForm) {
        MachineSpec applied = Specs.machine(keys);
        return new ObservedMachine("a", Specs.running(applied), Optional.of(applied),
                Optional.of(Specs.booted(applied)), canonicalForm);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"1 | '' | keep", "1 | image: builtin | keep",
        "1 | 'ready: {timeout: 2m}' | live ready.timeout", "1 | 'resources: {swap: true}' | live swap",
        "1 | 'ready: {timeout: 1m}' | keep", "1 | 'env: {A: b}' | restart env.A",
        // made by this version: what it has was written, and taking that out is a change
        "2 | '' | live swap ready.timeout"})
    void whatNobodyWritesIsNoChange(int madeWith, String keys, String expected) {
        MachineChange change = plan(keys, made(OLD, madeWith));
        String fields = String.join(" ", change.fields().stream().map(FieldChange::path).toList());
        assertEquals(expected, (change.disruption().word() + " " + fields).strip());
    }

    @Test
    void whatIsAppliedToItLaterHasTheOlderDefaultsStill() {
        MachineChange change = plan("labels: {x: y}", made(OLD, 1));
        assertEquals(List.of(new Step.SaveSpec(Specs.machine(OLD + ", labels: {x: y}"))), change.steps());
    }

    @Test
    void newMachinesHaveTheNewDefaults() {
        Fleet fleet = Specs.fleet("machines: {a: }");
        assertEquals(fleet.machines(), KeptDefaults.in(fleet, Specs.observed(), FORM).machines());
    }

    @Test
    void whatWasNeverStartedKeepsThemUnlessItIsMadeAnewAnyway() {
        MachineSpec applied = Specs.machine(OLD);
        var created = new ObservedMachine("a", new MachineState.Created(), Optional.of(applied), Optional.empty(), 1);
        assertEquals(new Step.Create(applied), plan("", created).steps().getFirst());
        MachineChange anew = plan("image: debian", created);
        assertEquals(Optional.of(Specs.machine("image: debian")), anew.wanted());
    }

    @Test
    void aTableWithoutEntriesCostsNothing() {
        Fleet fleet = Specs.fleet("machines: {a: }");
        assertSame(fleet, KeptDefaults.in(fleet, Specs.converged(fleet), CanonicalForm.CURRENT));
    }
}
