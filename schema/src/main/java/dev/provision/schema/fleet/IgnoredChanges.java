package dev.provision.schema.fleet;

import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;

import dev.provision.schema.units.ByteSize;

/**
 * What {@code ignoreChanges} does: a machine that exists keeps what was last applied to it under the paths it names. Paths are
 * those of the manifest.
 */
public final class IgnoredChanges {

    private static final String ENV = "env.";
    private static final String LABELS = "labels.";

    private static final List<String> PATHS = List.of("image", "resources", "resources.cpus", "resources.cpuset",
            "resources.shares", "resources.memory", "resources.swap", "resources.overlay", "resources.storage",
            "resources.disks", "resources.io", "resources.shm", "resources.gpu", "resources.devices", "ports",
            "networks", "network",
            "volumes", "env", "run", "ready", "dependsOn", "labels", "ttl");

    private IgnoredChanges() {}

    /** The paths that may be named, but for single names below {@code env} and {@code labels}. */
    public static List<String> paths() {
        return PATHS;
    }

    static boolean isPath(String path) {
        return PATHS.contains(path) || path.matches("(env|labels)\\..+");
    }

    /** {@code wanted}, with what it says of itself not to be changed as {@code applied} has it. */
    public static MachineSpec kept(MachineSpec wanted, MachineSpec applied) {
        MachineSpec result = wanted;
        for (String path : wanted.lifecycle().ignoreChanges()) {
            result = kept(path, result, applied);
        }
        return result;
    }

    private static MachineSpec kept(String path, MachineSpec w, MachineSpec a) {
        return switch (path) {
            case "image" -> new MachineSpec(w.name(), a.image(), w.resources(), w.network(), w.volumes(), w.workload(),
                    w.ready(), w.dependsOn(), w.lifecycle());
            case "volumes" -> new MachineSpec(w.name(), w.image(), w.resources(), w.network(), a.volumes(),
                    w.workload(), w.ready(), w.dependsOn(), w.lifecycle());
            case "resources" -> w.with(a.resources());
            case "ports" -> w.with(w.network().with(a.network().ports()));
            case "networks" -> w.with(new Network(w.network().enabled(), w.network().ports(),
                    a.network().fleetNetworks()));
            // Without a network device there is nothing that ports could be forwarded to.
            case "network" -> w.with(a.network().enabled()
                    ? new Network(true, w.network().ports(), w.network().fleetNetworks())
                    : new Network(false, List.of(), List.of()));
            case "env" -> w.with(w.workload().with(a.workload().env()));
            case "run" -> w.with(new Workload(a.workload().command(), a.workload().restart(), w.workload().env(),
                    a.workload().deadline()));
            case "ready" -> w.with(a.ready());
            case "dependsOn" -> w.waitingFor(a.dependsOn());
            case "labels" -> w.with(withLabels(w.lifecycle(), a.lifecycle().labels()));
            case "ttl" -> w.with(new Lifecycle(w.lifecycle().labels(), w.lifecycle().protect(), a.lifecycle().ttl(),
                    w.lifecycle().ignoreChanges()));
            case String one when one.startsWith(ENV) -> w.with(w.workload()
                    .with(keptEntry(one.substring(ENV.length()), w.workload().env(), a.workload().env())));
            case String one when one.startsWith(LABELS) -> w.with(withLabels(w.lifecycle(),
                    keptEntry(one.substring(LABELS.length()), w.lifecycle().labels(), a.lifecycle().labels())));
            case String resource -> w.with(kept(resource, w.resources(), a.resources()));
        };
    }

    private static Lifecycle withLabels(Lifecycle lifecycle, SortedMap<String, String> labels) {
        return new Lifecycle(labels, lifecycle.protect(), lifecycle.ttl(), lifecycle.ignoreChanges());
    }

    private static SortedMap<String, String> keptEntry(String name, SortedMap<String, String> wanted,
            SortedMap<String, String> applied) {
        SortedMap<String, String> result = new TreeMap<>(wanted);
        if (applied.containsKey(name)) {
            result.put(name, applied.get(name));
        } else {
            result.remove(name);
        }
        return result;
    }

    private static Resources kept(String path, Resources wanted, Resources applied) {
        Function<String, Resources> of = key -> path.equals("resources." + key) ? applied : wanted;
        return new Resources(of.apply("cpus").cpus(),
                new CpuPlacement(of.apply("cpuset").placement().cpuset(), of.apply("shares").placement().shares()),
                of.apply("memory").memory(), of.apply("swap").swap(), of.apply("overlay").overlay(),
                of.apply("storage").storage(), of.apply("disks").disks(), of.apply("io").io(),
                path.equals("resources.memory") ? shm(wanted, applied.memory()) : of.apply("shm").shm(),
                of.apply("gpu").gpu(),
                of.apply("devices").devices());
    }

    /** What is half of its own memory, as {@code auto} has it, follows the memory that is kept. */
    private static ByteSize shm(Resources wanted, MemoryRange kept) {
        return wanted.shm().equals(Resources.automaticShm(wanted.memory())) ? Resources.automaticShm(kept)
                : wanted.shm();
    }
}
