package dev.provision.planner.diff;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

import dev.provision.planner.host.DriverCapabilities;
import dev.provision.planner.host.DriverCapabilities.LiveChange;
import dev.provision.schema.fleet.MachineSpec;
import dev.provision.schema.units.Durations;

/** All of a machine that is not CPUs, memory or disks. */
final class SettingsDiff {

    static final Effect DEVICES_AT_BOOT = Effect.restart("devices are attached at boot");
    private static final Effect NEXT_BOOT = Effect.live("counts for the next boot");

    private final MachineSpec before;
    private final MachineSpec after;
    private final DriverCapabilities driver;
    private final Found found;
    private final Changes changes;

    SettingsDiff(MachineSpec before, MachineSpec after, DriverCapabilities driver, Found found,
            Changes changes) {
        this.before = before;
        this.after = after;
        this.driver = driver;
        this.found = found;
        this.changes = changes;
    }

    void run() {
        changes.compare("shm", spec -> spec.resources().shm(),
                liveIf(LiveChange.SHM, "sizes /dev/shm only when the machine boots"));
        changes.compareOptional("gpu", spec -> spec.resources().gpu(), DEVICES_AT_BOOT);
        changes.compareList("devices", spec -> spec.resources().devices(), DEVICES_AT_BOOT);
        changes.compare("image", MachineSpec::image, Effect.recreate("the overlay belongs to the image under it"));
        ports();
        changes.compare("network", spec -> spec.network().enabled(), DEVICES_AT_BOOT);
        new NetworkDiff(before, after, changes).run();
        changes.compareList("volumes", MachineSpec::volumes, DEVICES_AT_BOOT);
        lostVolumes();
        workload();
        changes.compare("ready.probe", spec -> spec.ready().probe(), NEXT_BOOT);
        changes.compare("ready.timeout", spec -> Durations.format(spec.ready().timeout()), NEXT_BOOT);
        changes.compare("dependsOn", MachineSpec::dependsOn, NEXT_BOOT);
        lifecycle();
        if (found.hasLostRecord()) {
            changes.add("record", "kept", Optional.of("lost"), "kept", Effect.live("it is restored from its copy"));
        }
        if (found.hasStoppedRecord()) {
            changes.add("record", "running", Optional.of("stopped"), "running", Effect.live("its stop was cut short"));
        }
    }

    /** Their order means nothing. */
    private void ports() {
        if (!Set.copyOf(before.network().ports()).equals(Set.copyOf(after.network().ports()))) {
            changes.compareList("ports", spec -> spec.network().ports(),
                    liveIf(LiveChange.PORTS, "forwards ports only from when the machine boots"));
        }
    }

    /** Whoever goes on to want it gets it back by a boot. */
    private void lostVolumes() {
        after.volumes()
                .stream()
                .filter(found::hasLost)
                .forEach(volume -> changes.add("volumes." + volume.target(), "served", Optional.of("not served"),
                        "served",
                        Effect.restart("its virtiofsd has ended, and a guest that runs cannot be given another one")));
    }

    private void workload() {
        changes.compareEntries("env.", spec -> quoted(spec.workload().env()),
                Effect.restart("the command reads it when it starts"));
        changes.compare("run.command", spec -> command(spec.workload().command()),
                Effect.restart("the command is started at boot"));
        changes.compare("run.restart", spec -> spec.workload().restart(),
                Effect.restart("fixed when the machine boots"));
        changes.compareOptional("run.deadline", spec -> spec.workload().deadline().map(Durations::format),
                Effect.restart("the guest is told it when it boots"));
    }

    private void lifecycle() {
        changes.compareEntries("labels.", spec -> quoted(spec.lifecycle().labels()), Effect.LIVE);
        changes.compare("protect", spec -> spec.lifecycle().protect(), Effect.LIVE);
        changes.compareOptional("ttl", spec -> spec.lifecycle().ttl().map(Durations::format), Effect.LIVE);
        changes.compareList("ignoreChanges", spec -> spec.lifecycle().ignoreChanges(), Effect.LIVE);
    }

    private Effect liveIf(LiveChange change, String otherwise) {
        return driver.can(change) ? Effect.LIVE : Effect.restart(driver.runtime() + " " + otherwise);
    }

    private static Map<String, String> quoted(Map<String, String> values) {
        return values.entrySet()
                .stream()
                .collect(Collectors.toMap(Map.Entry::getKey, entry -> "\"" + entry.getValue() + "\""));
    }

    /** Quoted where need be: two commands that look the same are the same. */
    private static String command(List<String> words) {
        return Changes.list(words.stream()
                .map(word -> word.matches("[A-Za-z0-9_@%+=:,./-]+") ? word : "'" + word.replace("'", "'\\''") + "'")
                .toList());
    }
}
