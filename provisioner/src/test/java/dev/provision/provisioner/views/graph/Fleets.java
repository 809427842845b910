package dev.provision.provisioner.views.graph;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

import dev.provision.planner.diff.Disruption;
import dev.provision.planner.diff.FieldChange;
import dev.provision.planner.host.Accelerator;
import dev.provision.planner.host.AcceleratorChoice;
import dev.provision.planner.host.BootsOn;
import dev.provision.planner.host.DriverCapabilities;
import dev.provision.planner.host.DriverCapabilities.LiveChange;
import dev.provision.planner.host.DriverDeclaration;
import dev.provision.planner.host.HostCapacity;
import dev.provision.planner.observed.Booted;
import dev.provision.planner.observed.MachineState;
import dev.provision.planner.observed.ObservedFleet;
import dev.provision.planner.observed.ObservedMachine;
import dev.provision.planner.plan.MachineChange;
import dev.provision.planner.plan.Plan;
import dev.provision.planner.plan.Planner;
import dev.provision.planner.schedule.Estimates;
import dev.provision.schema.ManifestReader;
import dev.provision.schema.diagnostics.Code;
import dev.provision.schema.diagnostics.Diagnostic;
import dev.provision.schema.diagnostics.Problems;
import dev.provision.schema.diagnostics.SourceText;
import dev.provision.schema.diagnostics.Span;
import dev.provision.schema.fleet.Condition;
import dev.provision.schema.fleet.Fleet;
import dev.provision.schema.fleet.MachineSpec;
import dev.provision.schema.units.ByteSize;

/** Plans to draw, made as those of people are: from a manifest and from what is there. */
final class Fleets {

    private static final Planner.Host HOST = new Planner.Host(
            new HostCapacity(8, ByteSize.ofGib(16), ByteSize.ofGib(12), ByteSize.ofGib(100), 288,
                    ByteSize.ofGib(1024)),
            new AcceleratorChoice(Accelerator.KVM, "/dev/kvm passed the self-test"), Set.of("builtin"),
            Set.of("builtin"),
            new Estimates(Map.of("db", Duration.ofSeconds(5)), Duration.ofSeconds(3),
                    Map.of("migrate", Duration.ofSeconds(6)), Duration.ofSeconds(15), "12 boots on this host"),
            new DriverDeclaration(new DriverCapabilities("microvm", Accelerator.KVM, Set.of(LiveChange.values()),
                    Set.of(), "no control group can be made here", Set.of(), 16), List.of()),
            Map.of("builtin", "digest"));

    private static final String SHOP = """
            host: { pool: { cpus: 6, memory: 3GiB } }
            defaults: { resources: { cpus: 1, memory: 256MiB } }
            machines:
              db: { resources: { memory: 512MiB, storage: 1GiB }, env: { MODE: %s } }
              cache: { resources: { cpus: 0.5, memory: { limit: %s, max: 512MiB } } }
              auth: {}
              web: { count: 2, dependsOn: { db: ready, cache: started, auth: ready } }
              migrate: { run: { command: [migrate], restart: never }, dependsOn: { db: ready } }
              report:
                count: 3
                resources: { memory: 768MiB }
                run: { command: [report], restart: never }
                dependsOn: { migrate: completed }
            """;

    private Fleets() {}

    static Fleet read(String name, String sections) {
        Problems problems = new Problems();
        return ManifestReader.read(new SourceText("m.yaml", "version: 1\nfleet: " + name + "\n" + sections), problems)
                .orElseThrow(() -> new AssertionError(problems.sorted()));
    }

    private static Plan plan(Fleet fleet, ObservedFleet observed) {
        return Planner.converge(fleet, observed, HOST);
    }

    /** Nothing of it is there yet. */
    static Plan fresh(String sections) {
        return plan(read("many", sections), new ObservedFleet("many", new TreeMap<>(), new TreeMap<>()));
    }

    /** One goes, one restarts, one grows, one stays; the others are made, and jobs queue for the pool. */
    static Plan shop() {
        Fleet before = read("shop", SHOP.formatted("slow", "256MiB") + "  old: {}\n");
        TreeMap<String, ObservedMachine> machines = new TreeMap<>();
        for (String name : List.of("db", "cache", "auth", "old")) {
            Optional.ofNullable(before.machines().get(name))
                    .ifPresent(machine -> machines.put(name, running(machine.spec())));
        }
        return plan(read("shop", SHOP.formatted("fast", "384MiB")),
                new ObservedFleet("shop", machines,
                        new TreeMap<>(Map.of("db",
                                Optional.ofNullable(before.machines().get("db"))
                                        .orElseThrow()
                                        .spec()
                                        .resources()
                                        .persistentDisks()))));
    }

    private static ObservedMachine running(MachineSpec spec) {
        return new ObservedMachine(spec.name(),
                new MachineState.Running(4711, true, Optional.of(spec.resources().memory().limit()),
                        Optional.of(spec.resources().cpus().limit().vcpus())),
                Optional.of(spec),
                Optional.of(new Booted(Accelerator.KVM, "microvm", spec.resources().cpus().max().vcpus(),
                        spec.resources().memory().max(), "digest")));
    }

    /** Services that do not fit together. */
    static Plan refused() {
        return fresh("""
                host: { pool: { cpus: 1, memory: 256MiB } }
                machines:
                  db: {}
                  web: { count: 2, dependsOn: { db: ready } }
                """);
    }

    /** With this text wherever a file, a guest or a record could have put one. */
    static Plan hostile(String text) {
        Plan shop = shop();
        List<MachineChange> changes = shop.changes().stream().map(change -> {
            MachineSpec spec = change.wanted().orElse(null);
            TreeMap<String, Condition> waits = new TreeMap<>();
            change.dependsOn().forEach((name, condition) -> waits.put(name + text, condition));
            return new MachineChange(change.machine() + text, change.disruption(), text,
                    List.of(new FieldChange(text, text, Optional.of(text), text, Disruption.LIVE, text, text)),
                    change.steps(),
                    Optional.ofNullable(spec).map(wanted -> wanted.named(wanted.name() + text).waitingFor(waits)),
                    change.running(), change.applied(), List.of(text),
                    change.outOfScope(),
                    change.bootsOn().map(hardware -> new BootsOn(text, text, hardware.usual())));
        }).toList();
        Plan renamed = new Plan(text, new AcceleratorChoice(Accelerator.KVM, text), shop.pool(), changes,
                Schedules.renamed(shop.schedule(), text), List.of());
        return renamed.withProblems(List.of(Diagnostic.warning(Code.LIMIT_NOT_ENFORCED,
                new Span(new SourceText(text, "x"), 1, 1, 1), text).why(text).fix(text)));
    }
}
