package dev.provision.provisioner.views;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;

import dev.provision.planner.capacity.ResourcePool;
import dev.provision.planner.capacity.Share;
import dev.provision.planner.diff.Disruption;
import dev.provision.planner.diff.FieldChange;
import dev.provision.planner.host.Accelerator;
import dev.provision.planner.host.AcceleratorChoice;
import dev.provision.planner.observed.MachineState;
import dev.provision.planner.observed.ObservedFleet;
import dev.provision.planner.observed.ObservedMachine;
import dev.provision.planner.plan.MachineChange;
import dev.provision.planner.plan.Plan;
import dev.provision.planner.plan.Step;
import dev.provision.planner.schedule.Booking;
import dev.provision.planner.schedule.Level;
import dev.provision.planner.schedule.Schedule;
import dev.provision.provisioner.events.Event;
import dev.provision.provisioner.events.Ledger;
import dev.provision.provisioner.events.Outcome;
import dev.provision.schema.diagnostics.Code;
import dev.provision.schema.diagnostics.Diagnostic;
import dev.provision.schema.diagnostics.Severity;
import dev.provision.schema.diagnostics.SourceText;
import dev.provision.schema.diagnostics.Span;
import dev.provision.schema.fleet.CpuRange;
import dev.provision.schema.fleet.DiskKey;
import dev.provision.schema.fleet.MachineSpec;
import dev.provision.schema.fleet.MemoryRange;
import dev.provision.schema.fleet.Network;
import dev.provision.schema.fleet.PortForward;
import dev.provision.schema.fleet.Probe;
import dev.provision.schema.fleet.ReadyCheck;
import dev.provision.schema.fleet.Resources;
import dev.provision.schema.fleet.RestartPolicy;
import dev.provision.schema.fleet.Workload;
import dev.provision.schema.units.ByteSize;
import dev.provision.schema.units.Cpus;

/** One of everything that a view can be given, with hostile texts where a guest or a file could have put them. */
public final class Samples {

    /** Clears the screen, sets the window's title, rings, turns text around. */
    static final String HOSTILE = "\u001b[2J\u001b]0;owned\u0007red \u001b[31malert\r\n\u009b1m \u202egnp.exe\u0007";

    private Samples() {}

    static final Palette COLOUR = new Palette(true, true);
    static final Palette ASCII = new Palette(false, false);

    static String printed(Consumer<PrintWriter> view) {
        StringWriter text = new StringWriter();
        PrintWriter out = new PrintWriter(text);
        view.accept(out);
        out.flush();
        return text.toString().replace(System.lineSeparator(), "\n");
    }

    static MachineSpec spec(String name, RestartPolicy restart) {
        Resources resources = Resources
                .of(CpuRange.exactly(new Cpus(1500)), MemoryRange.exactly(ByteSize.ofMib(1024)), ByteSize.ofMib(64))
                .withDisks(Optional.of(ByteSize.ofMib(512)), Optional.of(ByteSize.ofGib(2)), new TreeMap<>());
        return MachineSpec
                .of(name, "builtin", resources, new Workload(List.of("serve"), restart, new TreeMap<>()),
                        new ReadyCheck(new Probe.Agent(), Duration.ofSeconds(60)))
                .with(Network.STANDARD.with(
                        List.of(new PortForward("127.0.0.1", 8080, 80, PortForward.Protocol.TCP))));
    }

    private static MachineChange change(String name, Disruption disruption, String reason, List<FieldChange> fields,
            Step... steps) {
        return new MachineChange(name, disruption, reason, fields, List.of(steps),
                disruption == Disruption.DESTROY ? Optional.empty() : Optional.of(spec(name, RestartPolicy.ALWAYS)),
                disruption != Disruption.CREATE, Optional.empty());
    }

    /** A machine of every class. */
    static Plan plan() {
        ByteSize small = ByteSize.ofMib(512);
        ByteSize large = ByteSize.ofGib(1);
        return new Plan("lab", new AcceleratorChoice(Accelerator.KVM, "/dev/kvm passed the self-test"),
                new ResourcePool(new Share(Cpus.of(8), ByteSize.ofGib(4)), 4, "fixed"),
                List.of(change("gone", Disruption.DESTROY, "not in the manifest", List.of(), new Step.Stop(),
                        new Step.Remove(false)),
                        change("gone-with-disk", Disruption.DESTROY, "", List.of(), new Step.Stop(),
                                new Step.Remove(true)),
                        change("fresh", Disruption.CREATE, "takes over the storage that was kept", List.of()),
                        change("down", Disruption.START, "dead: killed by " + HOSTILE, List.of()),
                        change("grows", Disruption.LIVE, "",
                                List.of(new FieldChange("memory.limit", "512 MiB", "1 GiB", Disruption.LIVE, "", ""),
                                        new FieldChange("env.A", "\"" + HOSTILE + "\"", "\"b\"", Disruption.RESTART,
                                                "the command reads it when it starts", "")),
                                new Step.ResizeMemory(small, large)),
                        change("drifts", Disruption.LIVE, "", drift(), new Step.ResizeMemory(small, large)),
                        change("reboots", Disruption.RESTART, "",
                                List.of(new FieldChange("memory.limit", "1 GiB", "2 GiB", Disruption.RESTART,
                                        "the balloon cannot exceed boot memory: booted with memory.max 1 GiB",
                                        "set memory.max above 2 GiB to make the next one live"))),
                        change("anew", Disruption.RECREATE, "",
                                List.of(new FieldChange("image", "builtin", HOSTILE, Disruption.RECREATE,
                                        "the overlay belongs to the image under it", ""))),
                        change("halts", Disruption.STOP, "", List.of()),
                        change("shorter", Disruption.KEEP, "",
                                List.of(new FieldChange("storage", "2 GiB", Optional.of("1 GiB"), "2 GiB",
                                        Disruption.KEEP, "made as long again at the next boot", ""))),
                        noted("old-0"), noted("old-1"), change("stays", Disruption.KEEP, "", List.of())),
                schedule(), List.of());
    }

    /** Three boots, two of them at once. */
    private static Schedule schedule() {
        Share share = new Share(new Cpus(1500), ByteSize.ofGib(1));
        Share all = share.plus(share).plus(share);
        Duration second = Duration.ofSeconds(1);
        return new Schedule(
                List.of(new Booking("fresh", share, true, Duration.ZERO, second, Optional.empty()),
                        new Booking("down", share, true, Duration.ZERO, second, Optional.empty()),
                        new Booking("reboots", share, true, second, second.multipliedBy(200), Optional.empty())),
                List.of(new Level(Duration.ZERO, share.plus(share), 2), new Level(second, all, 1),
                        new Level(second.multipliedBy(200), all, 0)),
                Map.of("fresh", 0, "down", 1, "reboots", 2), Set.of("reboots"), second.multipliedBy(200),
                "12 boots on this host");
    }

    private static List<FieldChange> drift() {
        return List.of(
                new FieldChange("cpus.limit", "2", Optional.of("1"), "2", Disruption.LIVE, "", ""),
                new FieldChange("memory.limit", "512 MiB", Optional.of("300 MiB"), "1 GiB", Disruption.LIVE, "", ""),
                new FieldChange("storage", "2 GiB", Optional.of("3 GiB"), "3 GiB", Disruption.RESTART,
                        "disks are attached and grown at boot", ""));
    }

    private static MachineChange noted(String name) {
        return new MachineChange(name, Disruption.KEEP, "", List.of(), List.of(),
                Optional.of(spec(name, RestartPolicy.ALWAYS)), true, Optional.empty(),
                List.of("the image " + HOSTILE + " was rebuilt since it was booted"), Optional.empty(),
                Optional.empty());
    }

    static Plan nothingToDo(int machines) {
        List<MachineChange> changes = new ArrayList<>();
        for (int i = 0; i < machines; i++) {
            changes.add(change("m" + i, Disruption.KEEP, "", List.of()));
        }
        return new Plan("lab", plan().accelerator(), plan().pool(), changes, Schedule.EMPTY, List.of());
    }

    static List<ObservedFleet> fleets() {
        TreeMap<String, ObservedMachine> machines = new TreeMap<>();
        Map<String, MachineState> states = new LinkedHashMap<>();
        states.put("web-0", new MachineState.Running(4711, true, Optional.of(ByteSize.ofMib(700)), Optional.of(2)));
        states.put("web-1", new MachineState.Running(4712, false, Optional.empty(), Optional.empty()));
        states.put("mute", new MachineState.Unresponsive(4713, "no answer within 5 s"));
        states.put("full", new MachineState.Paused(4715, "the host has no room for what it writes to its disks"));
        states.put("report", new MachineState.Completed(0));
        states.put("bad-job", new MachineState.Completed(3));
        states.put("halted", new MachineState.Stopped());
        states.put("dead", new MachineState.Dead(HOSTILE));
        states.put("young", new MachineState.Created());
        states.put("torn", new MachineState.Broken("unexpected end of file"));
        states.put("lost", new MachineState.Orphan(4714));
        states.forEach((name, state) -> machines.put(name,
                new ObservedMachine(name, state,
                        state instanceof MachineState.Orphan || state instanceof MachineState.Broken ? Optional.empty()
                                : Optional.of(spec(name, RestartPolicy.ALWAYS)),
                        Optional.empty())));
        DiskKey scratch = new DiskKey("scratch");
        return List.of(new ObservedFleet("lab", machines,
                new TreeMap<>(Map.of("web-0",
                        new TreeMap<>(Map.of(DiskKey.STORAGE, ByteSize.ofGib(1), scratch, ByteSize.ofMib(64))),
                        "former",
                        new TreeMap<>(Map.of(DiskKey.STORAGE, ByteSize.ofGib(3), scratch, ByteSize.ofGib(4)))))));
    }

    static Ledger ledger() {
        LinkedHashMap<String, Outcome> outcomes = new LinkedHashMap<>();
        outcomes.put("fine", new Outcome.Done());
        outcomes.put("db", new Outcome.Failed("not ready within 60 s " + HOSTILE, "look at provision logs --console db",
                List.of("[    0.1] Linux version", HOSTILE, "\u001b[0;32mOK\u001b[0m tabs\there")));
        outcomes.put("web", new Outcome.Skipped("`db` did not come up"));
        outcomes.put("api", new Outcome.Skipped("job `migrate` ended with exit code 3",
                "run the job again: provision restart migrate"));
        outcomes.put("late", new Outcome.Unknown("boot"));
        return new Ledger("lab", outcomes, Duration.ofMillis(12_345));
    }

    public static List<Event> events() {
        Ledger ledger = ledger();
        Step boot = new Step.Start(spec("db", RestartPolicy.ALWAYS));
        Step memory = new Step.ResizeMemory(ByteSize.ofMib(512), ByteSize.ofGib(1));
        List<Event> events = new ArrayList<>(List.of(
                new Event.RunStarted("lab", List.copyOf(ledger.outcomes().keySet())),
                new Event.Waiting("web", "for db to be ready"), new Event.StepStarted("fine", memory),
                new Event.StepDone("fine", memory, Duration.ofMillis(12)), new Event.StepStarted("db", boot),
                new Event.StepStarted("late", boot),
                new Event.Retrying("late", boot, "no more processes may be started", 1, Duration.ofSeconds(1)),
                new Event.Noticed("late", "dead: its VMM was killed by signal 9; it is started again in 2 s"),
                new Event.Degraded(List.of("late waits", "db: no image")), new Event.Settled(3),
                new Event.JobEnded("report", 0)));
        ledger.outcomes()
                .forEach((machine, outcome) -> events
                        .add(new Event.MachineEnded(machine, outcome, Duration.ofMillis(1500))));
        events.add(new Event.RunEnded(ledger));
        return events;
    }

    /** Places that are hard to show. */
    static List<Diagnostic> problems() {
        SourceText source = new SourceText("folder with spaces/größe:1.yaml",
                "version: 1\n\tmemory:\t1GB # tabs\nmachines:\n  " + HOSTILE.replace("\r\n", " ")
                        + ": {}\n\n漢字: [🚀 e\u0301, wrong]\nlong: \"" + "0123456789".repeat(30) + "\", wrong: "
                        + "🚀".repeat(100) + "\n");
        return List.of(
                Diagnostic.error(Code.WRONG_TYPE, new Span(source, 2, 10, 3), "tabs before the caret")
                        .why("a tab is as wide as the terminal makes it")
                        .fix("nothing"),
                Diagnostic.error(Code.WRONG_TYPE, new Span(source, 1, 90, 10), "caret beyond the end of the line"),
                Diagnostic.error(Code.WRONG_TYPE, new Span(source, 1, 10, 100), "more than the rest of the line")
                        .related(new Span(source, 3, 1, 8), "the other one is here"),
                Diagnostic.warning(Code.LIMIT_NOT_ENFORCED, new Span(source, 4, 3, 4), "hostile " + HOSTILE),
                Diagnostic.error(Code.WRONG_TYPE, new Span(source, 5, 1, 1), "an empty line"),
                Diagnostic
                        .error(Code.INVALID_VALUE, new Span(source, 6, 13, 5), "wide, narrow and combining characters")
                        .related(new Span(source, 6, 1, 2), "two of them are four wide"),
                Diagnostic.error(Code.INVALID_VALUE, new Span(source, 7, 310, 5), "a long line"),
                Diagnostic.error(Code.INVALID_VALUE, new Span(source, 7, 8, 300), "a long part of a long line"),
                Diagnostic.error(Code.INVALID_VALUE, new Span(source, 7, 1, 4), "its beginning"),
                Diagnostic.error(Code.WRONG_TYPE, new Span(source, 99, 1, 1), "behind the last line"),
                new Diagnostic(Code.UNKNOWN_IMAGE, Severity.NOTE, Optional.empty(), "x".repeat(5_000) + " is too long",
                        "", "", List.of()),
                Diagnostic.error(Code.FLEET_EXCEEDS_POOL, "no place at all → nowhere"));
    }

    /** A log of an installation at a made-up place. */
    static Map<String, Object> sarif(List<Diagnostic> problems) {
        return new Sarif(Optional.of("1.2.3"), Path.of("machines.yaml"), Path.of("")).log(problems);
    }
}
