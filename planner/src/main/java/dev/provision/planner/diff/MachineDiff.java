package dev.provision.planner.diff;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.provision.planner.observed.Booted;
import dev.provision.schema.fleet.MachineSpec;
import dev.provision.schema.units.ByteSize;
import dev.provision.schema.units.Durations;

/**
 * Compares what is wanted of a machine with what was last applied to it, field by field. How much a change disturbs is
 * computed from what the machine was booted with.
 */
public final class MachineDiff {

    private static final String AT_BOOT = "fixed when the machine boots";
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
        diff.disks();
        diff.settings();
        return List.copyOf(diff.changes);
    }

    private void cpus() {
        if (!bothSame(spec -> spec.cpus().request(), spec -> spec.cpus().limit())) {
            compare("cpus.request", spec -> spec.cpus().request(), Disruption.LIVE, BOOKKEEPING, "");
        }
        int vcpus = after.cpus().limit().vcpus();
        int ceiling = booted.map(Booted::vcpusMax).orElse(vcpus);
        if (vcpus <= ceiling) {
            compare("cpus.limit", spec -> spec.cpus().limit(), Disruption.LIVE, "", "");
        } else {
            compare("cpus.limit", spec -> spec.cpus().limit(), Disruption.RESTART, "booted with cpus.max " + ceiling,
                    "set cpus.max to " + vcpus + " or more to make the next one live");
        }
        if (!bothSame(spec -> spec.cpus().max(), spec -> spec.cpus().limit())) {
            ceiling("cpus.max", spec -> spec.cpus().max(), after.cpus().max().vcpus() > ceiling);
        }
    }

    private void memory() {
        if (!bothSame(spec -> spec.memory().request(), spec -> spec.memory().limit())) {
            compare("memory.request", spec -> spec.memory().request(), Disruption.LIVE, BOOKKEEPING, "");
        }
        ByteSize limit = after.memory().limit();
        ByteSize ceiling = booted.map(Booted::memoryMax).orElse(limit);
        if (limit.compareTo(ceiling) <= 0) {
            compare("memory.limit", spec -> spec.memory().limit(), Disruption.LIVE, "", "");
        } else {
            compare("memory.limit", spec -> spec.memory().limit(), Disruption.RESTART,
                    "booted with memory.max " + ceiling,
                    "set memory.max to " + limit.canonical() + " or more to make the next one live");
        }
        if (!bothSame(spec -> spec.memory().max(), spec -> spec.memory().limit())) {
            ceiling("memory.max", spec -> spec.memory().max(), after.memory().max().compareTo(ceiling) > 0);
        }
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
        disk("overlay", before.overlay(), after.overlay());
        disk("storage", before.storage(), after.storage());
        compare("shm", MachineSpec::shm, Disruption.LIVE, "", "");
    }

    private void disk(String path, Optional<ByteSize> from, Optional<ByteSize> to) {
        boolean loses = path.equals("overlay") && from.isPresent()
                && (to.isEmpty() || to.get().compareTo(from.get()) < 0);
        String reason = loses ? "a file system is never made smaller: the overlay begins anew"
                : "disks are attached and grown at boot";
        add(path, size(from), size(to), loses ? Disruption.RECREATE : Disruption.RESTART, reason, "");
    }

    private static String size(Optional<ByteSize> size) {
        return size.map(ByteSize::toString).orElse("none");
    }

    private void settings() {
        compare("image", MachineSpec::image, Disruption.RECREATE, "the overlay belongs to the image under it", "");
        ports();
        environment();
        add("run.command", command(before.command()), command(after.command()), Disruption.RESTART,
                "the command is started at boot", "");
        compare("run.restart", MachineSpec::restart, Disruption.RESTART, AT_BOOT, "");
        compare("ready.timeout", spec -> Durations.format(spec.readyTimeout()), Disruption.LIVE,
                "counts for the next boot", "");
        add("dependsOn", before.dependsOn().toString(), after.dependsOn().toString(), Disruption.LIVE,
                "counts for the next boot", "");
    }

    /** Their order means nothing. */
    private void ports() {
        if (!Set.copyOf(before.ports()).equals(Set.copyOf(after.ports()))) {
            add("ports", list(before.ports()), list(after.ports()), Disruption.LIVE, "", "");
        }
    }

    private void environment() {
        TreeSet<String> names = new TreeSet<>(before.env().keySet());
        names.addAll(after.env().keySet());
        for (String name : names) {
            add("env." + name, quoted(before.env(), name), quoted(after.env(), name), Disruption.RESTART,
                    "the command reads it when it starts", "");
        }
    }

    private static String quoted(Map<String, String> env, String name) {
        String value = env.get(name);
        return value == null ? "none" : "\"" + value + "\"";
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
