package dev.provision.schema.fleet;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

import org.jspecify.annotations.Nullable;

import dev.provision.schema.diagnostics.Code;
import dev.provision.schema.diagnostics.Diagnostic;
import dev.provision.schema.diagnostics.Problems;
import dev.provision.schema.diagnostics.Suggestion;
import dev.provision.schema.manifest.Command;
import dev.provision.schema.manifest.MachineEntry;
import dev.provision.schema.manifest.NetworkUse;
import dev.provision.schema.manifest.ReadyEntry;
import dev.provision.schema.manifest.RunEntry;

/** Completes a merged entry to the spec of one machine. */
final class SpecBuilder {

    private final MachineEntry entry;
    private final Origin origin;
    private final Problems problems;

    SpecBuilder(MachineEntry entry, Origin origin, Problems problems) {
        this.entry = entry;
        this.origin = origin;
        this.problems = problems;
    }

    MachineSpec build(String name, SortedMap<String, Condition> dependsOn) {
        Resources resources = new ResourcesBuilder(entry.resources(), origin, problems).build();
        List<Volume> volumes = volumes();
        checkMounts(resources);
        MachineSpec spec = new MachineSpec(name, orElse(entry.image(), Defaults.IMAGE), resources, network(), volumes,
                workload(entry.run()), ready(entry.ready()), dependsOn, lifecycle());
        checkProbe(spec);
        checkDeadline(spec);
        return spec;
    }

    private void checkProbe(MachineSpec spec) {
        if (spec.isJob() && !(spec.ready().probe() instanceof Probe.Agent) && origin.isSound("ready")) {
            report(Diagnostic.error(Code.CONFLICTING_KEYS, origin.at("ready"),
                    "a batch job has no readiness probe (`" + spec.ready().probe() + "`)")
                    .why("it counts as ready when its command has been started, and may have ended before anybody asks")
                    .fix("remove the probe, or `run.restart: never`; who needs its result waits for `completed`"));
        }
    }

    private void checkDeadline(MachineSpec spec) {
        if (spec.workload().deadline().isPresent() && !spec.isJob() && origin.isSound("run", "deadline")) {
            report(Diagnostic.error(Code.CONFLICTING_KEYS, origin.at("run", "deadline"),
                    "`run.deadline` contradicts `run.restart: " + spec.workload().restart() + "`")
                    .why("a deadline ends a batch job; a command that is started again has no end that could be late")
                    .fix("write `restart: never` beside it, or remove it"));
        }
    }

    private Network network() {
        boolean enabled = orElse(entry.network(), true);
        Network network = new Network(enabled, orElse(entry.ports(), List.of()), links());
        if (!enabled && !(network.ports().isEmpty() && network.fleetNetworks().isEmpty())) {
            report(Diagnostic.error(Code.CONFLICTING_KEYS, origin.at("network"),
                    "`network: false` contradicts `" + (network.ports().isEmpty() ? "networks" : "ports") + "`")
                    .why("a machine without a network cannot be reached")
                    .fix("remove one of the two"));
        }
        return network;
    }

    private List<FleetLink> links() {
        return orElse(entry.networks(), List.<NetworkUse>of()).stream()
                .filter(use -> use.name() != null)
                .map(use -> FleetLink.written(orElse(use.name(), ""), Optional.ofNullable(use.address())))
                .toList();
    }

    /** Relative folders begin where the file is in which they are written. */
    private List<Volume> volumes() {
        Path manifest = Path.of(origin.at("volumes").source().name()).toAbsolutePath();
        return orElse(entry.volumes(), List.<Volume>of()).stream()
                .map(volume -> new Volume(manifest.resolveSibling(volume.source()).normalize().toString(),
                        volume.target(), volume.readOnly()))
                .toList();
    }

    private void checkMounts(Resources resources) {
        List<Volume> volumes = orElse(entry.volumes(), List.of());
        Map<String, String> taken = new HashMap<>();
        resources.storage().ifPresent(size -> taken.put(Defaults.STORAGE_MOUNT, "`storage`"));
        taken.put("/dev/shm", "`shm`");
        resources.disks()
                .forEach((disk, at) -> claim(at.mount(), "disk `" + disk + "`", taken, "resources", "disks", disk));
        for (int i = 0; i < volumes.size(); i++) {
            claim(volumes.get(i).target(), "volume `" + volumes.get(i).source() + "`", taken, "volumes", "[" + i + "]");
        }
    }

    private void claim(String mount, String claimant, Map<String, String> taken, String... path) {
        if (!origin.isSound(path)) {
            return;
        }
        String other = taken.putIfAbsent(mount, claimant);
        if (other != null) {
            report(Diagnostic.error(Code.MOUNT_CONFLICT, origin.at(path),
                    claimant + " and " + other + " would both be mounted at " + mount)
                    .fix("give one of them another place"));
        } else if (GuestFolders.isVital(mount)) {
            report(Diagnostic.error(Code.MOUNT_CONFLICT, origin.at(path),
                    claimant + " would be mounted over " + mount + ", which the guest itself needs")
                    .why("its programs, devices or settings would be hidden")
                    .fix("mount it at a folder of its own, such as /srv"));
        }
    }

    private Workload workload(@Nullable RunEntry run) {
        return new Workload(run == null ? List.of() : orElse(run.command(), new Command(List.of())).words(),
                run == null ? Defaults.RESTART : orElse(run.restart(), Defaults.RESTART),
                new TreeMap<>(orElse(entry.env(), Map.of())),
                run == null ? Optional.empty() : Optional.ofNullable(run.deadline()));
    }

    private ReadyCheck ready(@Nullable ReadyEntry ready) {
        if (ready == null) {
            return new ReadyCheck(new Probe.Agent(), Defaults.READY_TIMEOUT);
        }
        List<Probe> probes = new ArrayList<>();
        if (ready.tcp() != null) {
            probes.add(new Probe.Tcp(ready.tcp()));
        }
        if (ready.http() != null && ready.http().port() != null) {
            probes.add(new Probe.Http(ready.http().port(), orElse(ready.http().path(), "/")));
        }
        if (ready.exec() != null) {
            probes.add(new Probe.Exec(ready.exec().words()));
        }
        if (Boolean.TRUE.equals(ready.agent())) {
            probes.add(new Probe.Agent());
        }
        Duration timeout = orElse(ready.timeout(), Defaults.READY_TIMEOUT);
        if (probes.size() > 1) {
            report(Diagnostic.error(Code.CONFLICTING_KEYS, origin.at("ready"),
                    "a machine has one readiness probe, not " + probes.size())
                    .why("which one counts would be a guess")
                    .fix("keep one of tcp, http, exec and agent; `exec` can check several things"));
        }
        if (probes.isEmpty() && Boolean.FALSE.equals(ready.agent()) && origin.isSound("ready")) {
            report(Diagnostic.error(Code.CONFLICTING_KEYS, origin.at("ready", "agent"),
                    "`agent: false` leaves no readiness probe")
                    .why("something must tell that the machine has come up")
                    .fix("write tcp, http or exec beside it, or remove it"));
        }
        return new ReadyCheck(probes.isEmpty() ? new Probe.Agent() : probes.getFirst(), timeout);
    }

    private Lifecycle lifecycle() {
        List<String> ignored = orElse(entry.ignoreChanges(), List.of());
        for (int i = 0; i < ignored.size(); i++) {
            String path = ignored.get(i);
            if (!IgnoredChanges.isPath(path)) {
                report(Diagnostic.error(Code.INVALID_VALUE, origin.at("ignoreChanges", "[" + i + "]"),
                        "changes of `" + path + "` cannot be ignored")
                        .why("the keys that can are " + String.join(", ", IgnoredChanges.paths())
                                + ", and names below env and labels")
                        .fix(Suggestion.text(path, IgnoredChanges.paths(), "write one of them")));
            }
        }
        return new Lifecycle(new TreeMap<>(orElse(entry.labels(), Map.of())), orElse(entry.protect(), false),
                Optional.ofNullable(entry.ttl()), new TreeSet<>(ignored));
    }

    private void report(Diagnostic problem) {
        problems.add(origin.blamed(problem));
    }

    private static <T> T orElse(@Nullable T value, T otherwise) {
        return value == null ? otherwise : value;
    }
}
