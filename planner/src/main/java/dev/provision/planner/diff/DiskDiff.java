package dev.provision.planner.diff;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

import dev.provision.planner.host.DriverCapabilities;
import dev.provision.planner.host.DriverCapabilities.LiveChange;
import dev.provision.schema.fleet.Disk;
import dev.provision.schema.fleet.DiskKey;
import dev.provision.schema.fleet.MachineSpec;
import dev.provision.schema.units.ByteSize;

/** The overlay and the persistent disks. */
final class DiskDiff {

    private static final Effect ATTACHED = Effect.restart("disks are attached at boot");
    private static final Effect GROWN_AT_BOOT = Effect.restart("disks are attached and grown at boot");
    private static final Effect CHECKED_FIRST = Effect
            .restart("its file was cut short: the file system is checked at boot, and grows then");
    private static final Effect TAKEN_OUT = Effect.restart("its file is kept, with all that is in it");
    private static final Effect LONGER = Effect.keep("a disk is never made smaller");
    private static final Effect SHORTER = Effect
            .keep("made as long again at the next boot; what was behind its end is lost");

    private final MachineSpec before;
    private final MachineSpec after;
    private final DriverCapabilities driver;
    private final Found found;
    private final Changes changes;

    DiskDiff(MachineSpec before, MachineSpec after, DriverCapabilities driver, Found found, Changes changes) {
        this.before = before;
        this.after = after;
        this.driver = driver;
        this.found = found;
        this.changes = changes;
    }

    void run() {
        overlay(before.resources().overlay(), after.resources().overlay());
        persistent(texts(before), texts(after));
    }

    private void overlay(Optional<ByteSize> from, Optional<ByteSize> to) {
        boolean loses = from.isPresent() && (to.isEmpty() || to.get().compareTo(from.get()) < 0);
        Effect effect = loses
                ? Effect.recreate("a file system is never made smaller: the overlay begins anew")
                        .milderBy("leave overlay at " + from.get() + " or more to keep what is in it")
                : from.isPresent() ? grown() : ATTACHED;
        changes.compareOptional("overlay", spec -> spec.resources().overlay(), effect);
    }

    private void persistent(Map<DiskKey, String> from, Map<DiskKey, String> to) {
        TreeSet<DiskKey> disks = new TreeSet<>(from.keySet());
        disks.addAll(to.keySet());
        for (DiskKey disk : disks) {
            String was = from.getOrDefault(disk, "none");
            String becomes = to.getOrDefault(disk, "none");
            changes.add(disk.toString(), was, drift(disk), becomes, effect(disk, was, becomes));
        }
    }

    private Effect effect(DiskKey disk, String was, String becomes) {
        if (!was.equals(becomes)) {
            return becomes.equals("none") ? TAKEN_OUT : grows(disk) ? grown(disk) : ATTACHED;
        }
        ByteSize there = found.disks().getOrDefault(disk, ByteSize.ZERO);
        ByteSize applied = size(before, disk);
        if (there.compareTo(applied) > 0) {
            return LONGER.milderBy("set it to " + there + " to use all of it");
        }
        return anyGrows() && driver.can(LiveChange.GROW_DISKS) ? CHECKED_FIRST : SHORTER;
    }

    /** Then all are made as long as they should be, in one step. */
    private boolean anyGrows() {
        return !(before.resources().overlay().equals(after.resources().overlay())
                && before.resources().persistentDisks().equals(after.resources().persistentDisks()));
    }

    /** One that is there, at its place, becomes larger. */
    private boolean grows(DiskKey disk) {
        return size(before, disk).compareTo(ByteSize.ZERO) > 0 && size(after, disk).compareTo(size(before, disk)) > 0
                && mount(before, disk).equals(mount(after, disk));
    }

    /** A guest cannot check a file system that it uses, and one that has lost its end must not grow unchecked. */
    private Effect grown(DiskKey disk) {
        boolean cut = Optional.ofNullable(found.disks().get(disk))
                .filter(there -> there.compareTo(size(before, disk)) < 0)
                .isPresent();
        return cut && driver.can(LiveChange.GROW_DISKS) ? CHECKED_FIRST : grown();
    }

    private Effect grown() {
        return driver.can(LiveChange.GROW_DISKS) ? Effect.LIVE : GROWN_AT_BOOT;
    }

    private static ByteSize size(MachineSpec spec, DiskKey disk) {
        return spec.resources().persistentDisks().getOrDefault(disk, ByteSize.ZERO);
    }

    private static Optional<String> mount(MachineSpec spec, DiskKey disk) {
        return Optional.ofNullable(spec.resources().disks().get(disk.name())).map(Disk::mount);
    }

    /** The length of the disk's file, where it is not what was last applied. That a file is gone is another matter. */
    private Optional<String> drift(DiskKey disk) {
        Optional<ByteSize> applied = Optional.ofNullable(before.resources().persistentDisks().get(disk));
        return Optional.ofNullable(found.disks().get(disk))
                .filter(there -> applied.isPresent() && !applied.get().equals(there))
                .map(there -> Optional.ofNullable(before.resources().disks().get(disk.name()))
                        .map(named -> new Disk(there, named.mount()).toString())
                        .orElse(there.toString()));
    }

    private static Map<DiskKey, String> texts(MachineSpec spec) {
        Map<DiskKey, String> texts = new TreeMap<>();
        spec.resources().storage().ifPresent(size -> texts.put(DiskKey.STORAGE, size.toString()));
        spec.resources().disks().forEach((name, disk) -> texts.put(new DiskKey(name), disk.toString()));
        return texts;
    }
}
