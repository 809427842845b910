package dev.provision.provisioner.views;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.provision.planner.observed.Deviation;
import dev.provision.planner.observed.MachineState;
import dev.provision.planner.observed.ObservedFleet;
import dev.provision.planner.observed.ObservedMachine;
import dev.provision.provisioner.events.WatchStatus;
import dev.provision.schema.fleet.DiskKey;
import dev.provision.schema.fleet.MachineSpec;
import dev.provision.schema.fleet.Probe;
import dev.provision.schema.units.ByteSize;
import dev.provision.schema.units.Durations;

/** What is there, as a table for people. */
public final class StatusText {

    /** All that {@link #word} says. */
    public static final List<String> WORDS = List.of("ready", "booting", "paused", "unresponsive", "completed",
            "failed",
            "stopped", "dead", "created", "broken", "orphan");

    private final PrintWriter out;
    private final Palette palette;

    public StatusText(PrintWriter out, Palette palette) {
        this.out = out;
        this.palette = palette;
    }

    public void print(List<FleetStatus> fleets) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("FLEET", "MACHINE", "STATE", "VCPUS", "MEMORY", "PORTS", "PID"));
        fleets.forEach(fleet -> {
            ObservedFleet observed = fleet.observed();
            observed.machines()
                    .values()
                    .forEach(machine -> rows.add(row(observed.fleet(), machine).stream().map(palette::text).toList()));
            fleet.expired()
                    .forEach((machine, at) -> rows.add(List.of(palette.text(observed.fleet()), palette.text(machine),
                            "expired (at " + at + ")", "-", "-", "-", "-")));
        });
        if (rows.size() == 1) {
            out.println("No machines.");
        } else {
            table(rows);
        }
        fleets.forEach(fleet -> keptStorage(fleet.observed()));
        fleets.forEach(fleet -> fleet.watch().ifPresent(watch -> watched(fleet.observed().fleet(), watch)));
        out.flush();
    }

    private void watched(String fleet, WatchStatus watch) {
        String state = watch.state().name().toLowerCase(Locale.ROOT);
        out.println(palette.text(fleet + " is watched by `" + watch.command() + "` (pid " + watch.pid() + ") since "
                + watch.since()) + ": "
                + (watch.state() == WatchStatus.State.DEGRADED ? palette.yellow(state) : state)
                + " since " + watch.stateSince());
        watch.reasons().forEach(reason -> out.println("  - " + palette.text(reason)));
    }

    /** What machines that are gone have left, and what machines that are there do without now. */
    private void keptStorage(ObservedFleet fleet) {
        fleet.storageKept().forEach((machine, disks) -> {
            ObservedMachine there = fleet.machines().get(machine);
            disks.forEach((disk, size) -> {
                if (there == null || isUnused(disk, there)) {
                    String noun = disk.isStorage() ? "storage" : "disk " + disk.name();
                    out.println(palette.text("kept: " + noun + " of " + fleet.fleet() + "/" + machine + ", " + size));
                }
            });
        });
    }

    private static boolean isUnused(DiskKey disk, ObservedMachine machine) {
        return machine.applied().filter(spec -> !spec.resources().persistentDisks().containsKey(disk)).isPresent();
    }

    private void table(List<List<String>> rows) {
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int column = 0; column < row.size(); column++) {
                int index = column;
                int width = rows.stream().mapToInt(other -> other.get(index).length()).max().orElse(0);
                line.append(row.get(column)).append(" ".repeat(width - row.get(column).length() + 2));
            }
            String text = line.toString().stripTrailing();
            out.println(row.equals(rows.getFirst()) ? palette.bold(text) : text);
        }
    }

    private static List<String> row(String fleet, ObservedMachine machine) {
        String detail = detail(machine);
        String vcpus = machine.applied()
                .map(spec -> Integer.toString(spec.resources().cpus().limit().vcpus()))
                .orElse("?");
        String memory = machine.applied().map(spec -> spec.resources().memory().limit().toString()).orElse("?");
        String pid = "-";
        if (machine.state() instanceof MachineState.Running running) {
            vcpus = running.vcpus().map(Object::toString).orElse(vcpus);
            memory = running.memory().map(ByteSize::toString).orElse(memory);
            pid = Long.toString(running.pid());
        }
        return List.of(fleet, machine.name(), word(machine.state()) + (detail.isEmpty() ? "" : " (" + detail + ")"),
                vcpus, memory,
                machine.applied().map(StatusText::ports).orElse("-"), pid);
    }

    private static String ports(MachineSpec spec) {
        return spec.network().ports().isEmpty() ? "-"
                : String.join(",", spec.network().ports().stream().map(Object::toString).toList());
    }

    /** {@code ready}, {@code booting}, {@code dead} and so on. */
    public static String word(MachineState state) {
        return switch (state) {
            case MachineState.Running running -> running.ready() ? "ready" : "booting";
            case MachineState.Paused paused -> "paused";
            case MachineState.Unresponsive mute -> "unresponsive";
            case MachineState.Completed done -> done.exitCode() == 0 ? "completed" : "failed";
            case MachineState.Stopped stopped -> "stopped";
            case MachineState.Dead dead -> "dead";
            case MachineState.Created created -> "created";
            case MachineState.Broken broken -> "broken";
            case MachineState.Orphan orphan -> "orphan";
        };
    }

    /** A command that is started again and again is no healthy one, however ready its machine is. */
    private static String attempts(MachineState.Attempts attempts) {
        return attempts.count() < 2 ? ""
                : "command started " + attempts.count() + " times"
                        + attempts.lastExit().map(code -> ", last exit code " + code).orElse("");
    }

    /** What there is to say beyond the word; may be empty. */
    static String detail(ObservedMachine machine) {
        return switch (machine.state()) {
            case MachineState.Running running -> with(running(running, machine.applied()), machine.deviations());
            case MachineState.Paused paused ->
                with("pid " + paused.pid() + ": " + paused.reason(), machine.deviations());
            case MachineState.Unresponsive mute -> "pid " + mute.pid() + ": " + mute.reason();
            case MachineState.Completed done -> done.exceeded()
                    .map(deadline -> "exceeded its deadline of " + Durations.format(deadline)
                            + (done.byHost() ? ", and its guest did not end it" : ""))
                    .orElse("exit code " + done.exitCode());
            case MachineState.Stopped stopped -> "";
            case MachineState.Dead dead -> dead.reason();
            case MachineState.Created created -> "";
            case MachineState.Broken broken -> broken.reason();
            case MachineState.Orphan orphan -> "pid " + orphan.pid();
        };
    }

    private static String with(String text, List<Deviation> deviations) {
        return Stream
                .concat(Stream.of(text), deviations.stream().filter(StatusText::isWorthSaying).map(Deviation::text))
                .filter(part -> !part.isEmpty())
                .collect(Collectors.joining("; "));
    }

    /** Of what cannot be limited nobody need hear who has no limit. */
    private static boolean isWorthSaying(Deviation deviation) {
        return !(deviation instanceof Deviation.Unthrottled);
    }

    private static String running(MachineState.Running running, Optional<MachineSpec> applied) {
        String probe = applied.map(spec -> spec.ready().probe())
                .filter(asked -> !running.ready() && !(asked instanceof Probe.Agent))
                .map(asked -> "`" + asked + "` has not succeeded yet")
                .orElse("");
        return Stream.of(probe, attempts(running.attempts()))
                .filter(text -> !text.isEmpty())
                .collect(Collectors.joining("; "));
    }
}
