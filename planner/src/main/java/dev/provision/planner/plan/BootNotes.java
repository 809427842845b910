package dev.provision.planner.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import dev.provision.planner.diff.Disruption;
import dev.provision.planner.host.DriverCapabilities;
import dev.provision.planner.observed.Booted;
import dev.provision.planner.observed.ObservedMachine;
import dev.provision.schema.fleet.MachineSpec;

/**
 * What the next boot of a machine brings along that nobody asked for in its manifest: another accelerator, a rebuilt image.
 * It is said and never a reason to disturb a machine.
 */
final class BootNotes {

    private BootNotes() {}

    static List<String> of(MachineChange change, ObservedMachine machine, Planner.Host host) {
        if (machine.booted().isEmpty() || change.disruption() == Disruption.CREATE
                || !(change.boots() || MachineStates.runs(machine.state()))) {
            return List.of();
        }
        List<String> notes = new ArrayList<>();
        Booted booted = machine.booted().get();
        change.wanted()
                .or(machine::applied)
                .flatMap(spec -> runtime(booted, host.driver().choose(spec).capabilities(), change.boots()))
                .ifPresent(notes::add);
        machine.applied()
                .filter(applied -> change.wanted().map(MachineSpec::image).filter(applied.image()::equals).isPresent())
                .flatMap(applied -> image(applied, booted, host, change.boots()))
                .ifPresent(notes::add);
        return notes;
    }

    /** Of each VMM that is started: whoever breaks out of one that is root's is root on the host. */
    static List<String> ofUser(MachineChange change, Planner.Host host) {
        return change.boots() ? host.driver()
                .asRoot()
                .map(lack -> "its VMM runs as root, and who breaks out of it is root: " + lack.why() + "; "
                        + lack.fix())
                .stream()
                .toList()
                : List.of();
    }

    private static Optional<String> runtime(Booted booted, DriverCapabilities now, boolean boots) {
        String before = booted.machineType() + " under " + booted.accelerator().qemuName();
        if (before.equals(now.runtime())) {
            return Optional.empty();
        }
        return Optional.of(boots ? "was booted on " + before + " and comes up on " + now.runtime()
                : "was booted on " + before + "; its next boot will be on " + now.runtime());
    }

    /** Rebuilding an image must not restart a fleet by surprise. */
    private static Optional<String> image(MachineSpec applied, Booted booted, Planner.Host host, boolean boots) {
        String now = host.imageDigests().getOrDefault(applied.image(), booted.imageDigest());
        if (now.equals(booted.imageDigest())) {
            return Optional.empty();
        }
        String overlay = applied.resources().overlay().isPresent() ? "; its overlay was written over the old one" : "";
        return Optional.of("the image " + applied.image() + " was rebuilt since it was booted: "
                + (boots ? "it comes up with" : "its next boot takes") + " the new one" + overlay);
    }
}
