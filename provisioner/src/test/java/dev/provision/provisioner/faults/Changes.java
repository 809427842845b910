package dev.provision.provisioner.faults;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

import dev.provision.planner.host.Accelerator;
import dev.provision.planner.host.AcceleratorChoice;
import dev.provision.planner.host.DriverCapabilities;
import dev.provision.planner.host.DriverCapabilities.Limit;
import dev.provision.planner.host.DriverCapabilities.LiveChange;
import dev.provision.planner.host.DriverDeclaration;
import dev.provision.planner.host.HostCapacity;
import dev.provision.planner.plan.Planner;
import dev.provision.planner.schedule.Estimates;
import dev.provision.schema.ManifestReader;
import dev.provision.schema.diagnostics.Problems;
import dev.provision.schema.diagnostics.SourceText;
import dev.provision.schema.fleet.Fleet;
import dev.provision.schema.units.ByteSize;

/** A fleet before and after a change, by their manifests. Between them, all classes of change and all steps but of devices. */
record Changes(Fleet before, Fleet after) {

    private static final String NONE = "{}";
    private static final String PAIR = """

              db: { resources: { memory: { limit: 256MiB, max: 512MiB }, cpus: { limit: 1, max: 2 }, storage: 1GiB } }
              web: { resources: { memory: 128MiB, overlay: 64MiB }, ports: ["8080:80"], dependsOn: { db: ready } }
            """;
    private static final String TWO_PORTS = """

              one: { ports: ["8001:80"], resources: { memory: 128MiB, overlay: 64MiB } }
              two: { ports: ["8002:80"], resources: { memory: 128MiB, overlay: 64MiB } }
            """;
    private static final String DISKS = """

              db: { resources: { memory: 128MiB, storage: 1GiB, overlay: 64MiB, disks: { log: 64MiB } } }
            """;

    private static final String JOB = """

              job: { resources: { memory: 128MiB, storage: 64MiB }, run: { command: [work], restart: never } }
            """;
    private static final String JOB_AND_OTHERS = JOB
            + """
                      web: { resources: { memory: 128MiB }, dependsOn: { job: completed } }
                      next: { resources: { memory: 128MiB }, run: { command: [more], restart: never }, dependsOn: { job: completed } }
                    """;

    static final Map<String, Changes> ALL = all();

    private static Map<String, Changes> all() {
        Map<String, Changes> all = new LinkedHashMap<>();
        all.put("created", of(NONE, PAIR));
        all.put("resized live", of(PAIR, PAIR.replace("limit: 256MiB", "limit: 384MiB")
                .replace("limit: 1,",
                        "limit: 2,")));
        all.put("restarted", of(PAIR, PAIR.replace("max: 512MiB", "max: 768MiB")));
        all.put("restarted, all", of(PAIR, PAIR.replace("max: 512MiB", "max: 768MiB")
                .replace("memory: 128MiB",
                        "memory: 160MiB")));
        all.put("made anew", of(PAIR, PAIR.replace("web: {", "web: { image: debian,")));
        all.put("destroyed, one", of(PAIR, PAIR.lines()
                .filter(line -> !line.contains("web"))
                .collect(Collectors.joining("\n"))));
        all.put("renamed", of(PAIR, PAIR.replace("web:", "app:")));
        all.put("ports added and removed", of(PAIR, PAIR.replace("\"8080:80\"", "\"8081:80\", \"8443:443\"")));
        all.put("ports swapped", of(TWO_PORTS, TWO_PORTS.replace("8001", "8003")
                .replace("8002", "8001")
                .replace("8003", "8002")));
        all.put("port handed on", of(TWO_PORTS, TWO_PORTS.replace("8002", "8003").replace("8001", "8002")));
        all.put("disks grown", of(DISKS, DISKS.replace("1GiB", "2GiB").replace("log: 64MiB", "log: 128MiB")));
        all.put("disk added", of(DISKS, DISKS.replace("log: 64MiB", "log: 64MiB, tmp: 32MiB")));
        all.put("disk taken out", of(DISKS, DISKS.replace(", disks: { log: 64MiB }", "")));
        all.put("job", of(NONE, JOB));
        all.put("jobs, and who waits for them", of(NONE, JOB_AND_OTHERS));
        all.put("job edited", of(JOB_AND_OTHERS, JOB_AND_OTHERS.replace("[work]", "[other]")));
        all.put("job's disk grown", of(JOB, JOB.replace("64MiB", "96MiB")));
        all.put("job becomes a service", of(JOB, JOB.replace("never", "always")));
        all.put("job destroyed", of(JOB_AND_OTHERS, PAIR));
        all.put("everything", of(PAIR + TWO_PORTS, DISKS + TWO_PORTS.replace("one: {", "one: { image: debian,")));
        return all;
    }

    private static Changes of(String before, String after) {
        return new Changes(fleet(before), fleet(after));
    }

    private static Fleet fleet(String machines) {
        Problems problems = new Problems();
        return ManifestReader
                .read(new SourceText("machines.yaml", "version: 1\nfleet: lab\nmachines: " + machines), problems)
                .orElseThrow(() -> new IllegalArgumentException(problems.sorted().toString()));
    }

    static Planner.Host host() {
        HostCapacity capacity = new HostCapacity(8, ByteSize.ofGib(16), ByteSize.ofGib(12), ByteSize.ofGib(100), 64,
                ByteSize.ofGib(512));
        DriverCapabilities microvm = new DriverCapabilities("microvm", Accelerator.KVM,
                Set.of(LiveChange.SWITCH_VCPUS, LiveChange.BALLOON, LiveChange.PORTS, LiveChange.SHM,
                        LiveChange.GROW_DISKS),
                Set.of(Limit.IO), "no control group can be made here", Set.of(), Map.of(), 16);
        return new Planner.Host(capacity, new AcceleratorChoice(Accelerator.KVM, "it runs guest code"),
                Set.of("debian"), Set.of("builtin"), Estimates.ASSUMED,
                new DriverDeclaration(microvm, List.of(microvm)),
                Map.of("builtin", "sha256:1", "debian", "sha256:1"));
    }
}
