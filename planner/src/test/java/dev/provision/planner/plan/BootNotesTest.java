package dev.provision.planner.plan;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import dev.provision.planner.Specs;
import dev.provision.planner.diff.Disruption;
import dev.provision.planner.host.Accelerator;
import dev.provision.planner.host.DriverCapabilities.Lack;
import dev.provision.planner.observed.Booted;
import dev.provision.planner.observed.MachineState;
import dev.provision.planner.observed.ObservedMachine;
import dev.provision.schema.fleet.MachineSpec;

import static org.junit.jupiter.api.Assertions.assertEquals;

/** What a machine's next boot brings along is said, and disturbs nothing. */
class BootNotesTest {

    private static MachineChange plan(String wanted, String applied, boolean runs, Accelerator accelerator,
            String digest) {
        MachineSpec spec = Specs.machine(applied);
        Booted booted = new Booted(accelerator, "microvm", 1, spec.resources().memory().max(), digest);
        var there = new ObservedMachine("a", runs ? Specs.running(spec) : new MachineState.Stopped(), Optional.of(spec),
                Optional.of(booted));
        return Planner
                .converge(Specs.fleet("machines: {a: {" + wanted + "}}"), Specs.observed(there), Specs.host(8, 16))
                .changes()
                .getFirst();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "KVM | digest | ''",
        "TCG | digest | was booted on microvm under tcg; its next boot will be on microvm under kvm",
        "KVM | older | the image builtin was rebuilt since it was booted: its next boot takes the new one"})
    void ofAMachineThatGoesOn(Accelerator accelerator, String digest, String note) {
        MachineChange change = plan("", "", true, accelerator, digest);
        assertEquals(Disruption.KEEP, change.disruption());
        assertEquals(note.isEmpty() ? List.of() : List.of(note), change.notes());
    }

    @Test
    void ofAMachineThatComesUp() {
        List<String> notes = List.of("was booted on microvm under tcg and comes up on microvm under kvm",
                "the image builtin was rebuilt since it was booted: it comes up with the new one;"
                        + " its overlay was written over the old one");
        String overlay = "resources: {overlay: 1GiB}";
        assertEquals(notes, plan(overlay, overlay, false, Accelerator.TCG, "older").notes());
        assertEquals(notes, plan(overlay + ", env: {A: b}", overlay, true, Accelerator.TCG, "older").notes());
    }

    @Test
    void anotherImageIsAChangeAndNoNote() {
        assertEquals(List.of(), plan("image: debian", "", true, Accelerator.KVM, "older").notes());
    }

    @Test
    void nothingIsSaidOfAnImageThatCannotBeRead() {
        assertEquals(List.of(), plan("image: alpine", "image: alpine", true, Accelerator.KVM, "older").notes());
        assertEquals(Map.of("builtin", "digest"), Specs.host(8, 16).imageDigests());
    }

    @Test
    void whatDoesNotRunAndDoesNotComeUpHasNothingToSay() {
        MachineSpec job = Specs.machine("run: {command: [x], restart: never}");
        var done = new ObservedMachine("a", new MachineState.Completed(0), Optional.of(job),
                Optional.of(new Booted(Accelerator.TCG, "microvm", 1, job.resources().memory().max(), "older")));
        assertEquals(List.of(), Planner.converge(Specs.fleet("machines: {a: {run: {command: [x], restart: never}}}"),
                Specs.observed(done), Specs.host(8, 16)).changes().getFirst().notes());
    }

    /** Whoever breaks out of it is root: that is to be known before it boots, and no news of one that runs. */
    @Test
    void ofVmmsThatStayRoots() {
        var able = Specs.host(8, 16);
        var host = new Planner.Host(able.capacity(), able.accelerator(), able.images(), able.buildable(),
                able.estimates(), able.driver().asRoot(Optional.of(new Lack("no setpriv", "install it"))),
                able.imageDigests());
        MachineSpec spec = Specs.machine("");
        var there = Specs.observed(Specs.observed(spec, Specs.running(spec)));
        List<MachineChange> changes = Planner.converge(Specs.fleet("machines: {a: {}, b: {}}"), there, host).changes();
        assertEquals(
                Map.of("a", List.of(), "b",
                        List.of("its VMM runs as root, and who breaks out of it is root: no setpriv; install it")),
                changes.stream().collect(Collectors.toMap(MachineChange::machine, MachineChange::notes)));
    }
}
