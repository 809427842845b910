package dev.provision.planner.diff;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.provision.planner.observed.Booted;
import dev.provision.schema.fleet.DiskKey;
import dev.provision.schema.fleet.MachineSpec;
import dev.provision.schema.units.ByteSize;
import dev.provision.schema.units.Durations;

/**
 * Compares what is wanted of a machine with what was last applied to it, field by field. How much a change disturbs is
 * computed from what the machine was booted with.
 */
public final class MachineDiff {

    private static final String AT_BOOT = "fixed when the machine boots";
    private static final String DISKS_AT_BOOT = "disks are attached and grown at boot";
    private static final String DEVICES_AT_BOOT = "devices are attached at boot";
    private static final String UNBOUND = "recorded; it does not bind yet";
    private static final String BOOKKEEPING = "only the pool's bookkeeping changes";

    private final MachineSpec before;
    private final MachineSpec after;
    private final Optional<Booted> booted;
    private final List<FieldChange> changes = new ArrayList<>();

    private MachineDiff(MachineSpec before, MachineSpec after, Optional<Booted> booted) {
        this.before = before;
        this.after = after;
        this.booted = booted;
    }

    /** The changed fields, in the order of the manifest reference; empty when the machine is as wanted. */
    public static List<FieldChange> between(MachineSpec applied, MachineSpec wanted, Optional<Booted> booted) {
        MachineDiff diff = new MachineDiff(applied, wanted, booted);
        diff.cpus();
        diff.memory();
        diff.placement();
        diff.disks();
        diff.devices();
        diff.settings();
        diff.lifecycle();
        return List.copyOf(diff.changes);
    }

    private void cpus() {
        if (!bothSame(spec -> spec.resources().cpus().request(), spec -> spec.resources().cpus().limit())) {
            compare("cpus.request", spec -> spec.resources().cpus().request(), Disruption.LIVE, BOOKKEEPING, "");
        }
        int vcpus = after.resources().cpus().limit().vcpus();
        int ceiling = booted.map(Booted::vcpusMax).orElse(vcpus);
        if (vcpus <= ceiling) {
            compare("cpus.limit", spec -> spec.resources().cpus().limit(), Disruption.LIVE, "", "");
        } else {
            compare("cpus.limit", spec -> spec.resources().cpus().limit(), Disruption.RESTART,
                    "booted with cpus.max " + ceiling,
                    "set cpus.max to " + vcpus + " or more to make the next one live");
        }
        if (!bothSame(spec -> spec.resources().cpus().max(), spec -> spec.resources().cpus().limit())) {
            ceiling("cpus.max", spec -> spec.resources().cpus().max(),
                    after.resources().cpus().max().vcpus() > ceiling);
        }
    }

    private void memory() {
        if (!bothSame(spec -> spec.resources().memory().request(), spec -> spec.resources().memory().limit())) {
            compare("memory.request", spec -> spec.resources().memory().request(), Disruption.LIVE, BOOKKEEPING, "");
        }
        ByteSize limit = after.resources().memory().limit();
        ByteSize ceiling = booted.map(Booted::memoryMax).orElse(limit);
        if (limit.compareTo(ceiling) <= 0) {
            compare("memory.limit", spec -> spec.resources().memory().limit(), Disruption.LIVE, "", "");
        } else {
            compare("memory.limit", spec -> spec.resources().memory().limit(), Disruption.RESTART,
                    "booted with memory.max " + ceiling,
                    "set memory.max to " + limit.canonical() + " or more to make the next one live");
        }
        if (!bothSame(spec -> spec.resources().memory().max(), spec -> spec.resources().memory().limit())) {
            ceiling("memory.max", spec -> spec.resources().memory().max(),
                    after.resources().memory().max().compareTo(ceiling) > 0);
        }
    }

    /** What the driver cannot enforce yet is recorded, so that nothing more than the driver must change to do so. */
    private void placement() {
        add("cpuset", optional(before.resources().placement().cpuset()),
                optional(after.resources().placement().cpuset()), Disruption.LIVE, UNBOUND, "");
        compare("shares", spec -> spec.resources().placement().shares(), Disruption.LIVE, UNBOUND, "");
        add("memory.hard", optional(before.resources().memory().hard()), optional(after.resources().memory().hard()),
                Disruption.LIVE, UNBOUND, "");
        compare("swap", spec -> spec.resources().swap(), Disruption.LIVE, UNBOUND, "");
    }

    /** A request or a ceiling that nobody wrote follows its limit, and the limit's line says it all. */
    private boolean bothSame(Function<MachineSpec, Object> bound, Function<MachineSpec, Object> limit) {
        return Stream.of(before, after).allMatch(spec -> bound.apply(spec).equals(limit.apply(spec)));
    }

    /**
     * A higher ceiling than the booted one takes a restart. A lower one does not: it changes nothing that the guest could
     * see, and one that merely follows its limit would otherwise make every live change a restart.
     */
    private void ceiling(String path, Function<MachineSpec, Object> field, boolean raised) {
        compare(path, field, raised ? Disruption.RESTART : Disruption.LIVE,
                raised ? AT_BOOT : "takes effect at the next boot", "");
    }

    private void disks() {
        overlay(before.resources().overlay(), after.resources().overlay());
        Map<String, String> from = persistentDisks(before);
        Map<String, String> to = persistentDisks(after);
        entries("", from, to, Disruption.RESTART,
                path -> to.containsKey(path) ? DISKS_AT_BOOT : "its file is kept, with all that is in it");
        compare("shm", spec -> spec.resources().shm(), Disruption.LIVE, "", "");
    }

    private void devices() {
        add("gpu", optional(before.resources().gpu()), optional(after.resources().gpu()), Disruption.RESTART,
                DEVICES_AT_BOOT, "");
        add("devices", list(before.resources().devices()), list(after.resources().devices()), Disruption.RESTART,
                DEVICES_AT_BOOT, "");
    }

    private static Map<String, String> persistentDisks(MachineSpec spec) {
        Map<String, String> disks = new HashMap<>();
        spec.resources().storage().ifPresent(size -> disks.put(DiskKey.STORAGE.toString(), size.toString()));
        spec.resources().disks().forEach((name, disk) -> disks.put(new DiskKey(name).toString(), disk.toString()));
        return disks;
    }

    private static String optional(Optional<?> value) {
        return value.map(Object::toString).orElse("none");
    }

    private void overlay(Optional<ByteSize> from, Optional<ByteSize> to) {
        boolean loses = from.isPresent() && (to.isEmpty() || to.get().compareTo(from.get()) < 0);
        String reason = loses ? "a file system is never made smaller: the overlay begins anew" : DISKS_AT_BOOT;
        add("overlay", size(from), size(to), loses ? Disruption.RECREATE : Disruption.RESTART, reason, "");
    }

    private static String size(Optional<ByteSize> size) {
        return size.map(ByteSize::toString).orElse("none");
    }

    private void settings() {
        compare("image", MachineSpec::image, Disruption.RECREATE, "the overlay belongs to the image under it", "");
        ports();
        compare("network", spec -> spec.network().enabled(), Disruption.RESTART, DEVICES_AT_BOOT, "");
        add("networks", list(before.network().fleetNetworks()), list(after.network().fleetNetworks()),
                Disruption.RESTART, DEVICES_AT_BOOT, "");
        add("volumes", list(before.volumes()), list(after.volumes()), Disruption.RESTART, DEVICES_AT_BOOT, "");
        entries("env.", quoted(before.workload().env()), quoted(after.workload().env()), Disruption.RESTART,
                "the command reads it when it starts");
        add("run.command", command(before.workload().command()), command(after.workload().command()),
                Disruption.RESTART,
                "the command is started at boot", "");
        compare("run.restart", spec -> spec.workload().restart(), Disruption.RESTART, AT_BOOT, "");
        compare("ready.probe", spec -> spec.ready().probe(), Disruption.LIVE, "counts for the next boot", "");
        compare("ready.timeout", spec -> Durations.format(spec.ready().timeout()), Disruption.LIVE,
                "counts for the next boot", "");
        add("dependsOn", before.dependsOn().toString(), after.dependsOn().toString(), Disruption.LIVE,
                "counts for the next boot", "");
    }

    /** Their order means nothing. */
    private void ports() {
        if (!Set.copyOf(before.network().ports()).equals(Set.copyOf(after.network().ports()))) {
            add("ports", list(before.network().ports()), list(after.network().ports()), Disruption.LIVE, "", "");
        }
    }

    private void lifecycle() {
        entries("labels.", quoted(before.lifecycle().labels()), quoted(after.lifecycle().labels()), Disruption.LIVE,
                "");
        compare("protect", spec -> spec.lifecycle().protect(), Disruption.LIVE, "", "");
        add("ttl", optional(before.lifecycle().ttl().map(Durations::format)),
                optional(after.lifecycle().ttl().map(Durations::format)), Disruption.LIVE, "", "");
        add("ignoreChanges", list(before.lifecycle().ignoreChanges()), list(after.lifecycle().ignoreChanges()),
                Disruption.LIVE, "", "");
    }

    /** One change for each name, so that a long list of values does not hide the one that differs. */
    private void entries(String prefix, Map<String, String> from, Map<String, String> to, Disruption disruption,
            String reason) {
        entries(prefix, from, to, disruption, name -> reason);
    }

    private void entries(String prefix, Map<String, String> from, Map<String, String> to, Disruption disruption,
            Function<String, String> reason) {
        TreeSet<String> names = new TreeSet<>(from.keySet());
        names.addAll(to.keySet());
        for (String name : names) {
            add(prefix + name, from.getOrDefault(name, "none"), to.getOrDefault(name, "none"), disruption,
                    reason.apply(name), "");
        }
    }

    private static Map<String, String> quoted(Map<String, String> values) {
        return values.entrySet()
                .stream()
                .collect(Collectors.toMap(Map.Entry::getKey, entry -> "\"" + entry.getValue() + "\""));
    }

    private static String list(Collection<?> items) {
        return items.isEmpty() ? "none" : items.stream().map(Object::toString).collect(Collectors.joining(" "));
    }

    /** Quoted where need be: two commands that look the same are the same. */
    private static String command(List<String> words) {
        return list(words.stream()
                .map(word -> word.matches("[A-Za-z0-9_@%+=:,./-]+") ? word : "'" + word.replace("'", "'\\''") + "'")
                .toList());
    }

    private void compare(String path, Function<MachineSpec, Object> field, Disruption disruption, String reason,
            String milder) {
        add(path, field.apply(before).toString(), field.apply(after).toString(), disruption, reason, milder);
    }

    private void add(String path, String from, String to, Disruption disruption, String reason, String milder) {
        if (!from.equals(to)) {
            changes.add(new FieldChange(path, from, to, disruption, reason, milder));
        }
    }
}
