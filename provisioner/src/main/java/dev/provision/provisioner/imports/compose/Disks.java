package dev.provision.provisioner.imports.compose;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import dev.provision.provisioner.imports.draft.FolderMount;
import dev.provision.provisioner.imports.draft.MachineDraft;
import dev.provision.provisioner.imports.draft.Replicas;
import dev.provision.provisioner.imports.draft.Value;
import dev.provision.provisioner.imports.draft.Value.Block;
import dev.provision.provisioner.imports.source.Keys;
import dev.provision.provisioner.imports.source.LabelNames;
import dev.provision.provisioner.imports.source.Remarks;
import dev.provision.provisioner.imports.source.Template;
import dev.provision.schema.diagnostics.Span;

/** Named volumes: each becomes a disk of the one machine that mounts it. */
final class Disks {

    /** Compose names none; a disk grows as it is written to. */
    private static final String SIZE = "10GiB";
    private static final int LONGEST_NAME = 15;
    private static final String MOUNT = "(/[A-Za-z0-9._-]*[A-Za-z0-9_-][A-Za-z0-9._-]*){1,8}";
    private static final String FILE = "a disk is an image file on this host";
    private static final Map<String, String> KEYS = Map.of("driver_opts", FILE, "name",
            "disks are called by their key", "labels", "disks have no labels", "external",
            "what the volume holds is not copied");

    private record Mount(MachineDraft machine, Template target, boolean readOnly, Span place) {}

    private final Map<String, List<Mount>> mounts = new LinkedHashMap<>();

    /** Remarks what a file says of its volumes that disks do not have. */
    static void declare(Keys volumes) {
        volumes.all().forEach(entry -> volumes.below(entry.key().text()).ifPresent(keys -> {
            keys.loseUnless("driver", Set.of("local", "default"), FILE);
            keys.finish(KEYS);
        }));
    }

    /** Notes that a machine mounts a volume. */
    void mount(MachineDraft machine, Template volume, Template target, boolean readOnly, Span place) {
        Optional<String> name = volume.literal();
        if (name.isEmpty() || target.literal().filter(path -> !path.matches(MOUNT)).isPresent()) {
            machine.remarks()
                    .lost(place, "the volume " + Remarks.quoted(volume.text()),
                            name.isEmpty() ? "the name of a disk is no variable"
                                    : "a disk is mounted at a path of plain names such as /data");
        } else {
            mounts.computeIfAbsent(name.get(), key -> new ArrayList<>())
                    .add(new Mount(machine, target, readOnly, place));
        }
    }

    /** Gives the machines their disks, once all mounts are known. */
    void settle() {
        LabelNames names = new LabelNames(mounts.keySet(), LONGEST_NAME);
        mounts.forEach((volume, all) -> {
            if (all.stream().map(Mount::machine).distinct().count() > 1) {
                all.forEach(mount -> mount.machine()
                        .remarks()
                        .lost(mount.place(), "the volume " + Remarks.quoted(volume),
                                "several services share it, and a disk belongs to one machine",
                                "mount a folder of the host in each of them, or let one of them serve it"));
            } else {
                Mount first = all.getFirst();
                disk(names.give(volume, "disk", first.place(), first.machine().remarks()), first);
                all.stream()
                        .skip(1)
                        .forEach(again -> again.machine()
                                .remarks()
                                .lost(again.place(), "a second mount of the volume " + Remarks.quoted(volume),
                                        "a disk is mounted once"));
            }
        });
    }

    private static void disk(String name, Mount mount) {
        Remarks remarks = mount.machine().remarks();
        Optional<String> hidden = FolderMount.hidden(mount.target());
        if (hidden.isPresent()) {
            remarks.lost(mount.place(), "the volume at " + Remarks.quoted(mount.target().text()), hidden.get(),
                    FolderMount.ELSEWHERE);
            return;
        }
        if (mount.target().literal().filter(path -> !mount.machine().takeMount(path)).isPresent()) {
            remarks.lost(mount.place(), "the volume at " + Remarks.quoted(mount.target().text()),
                    "something is mounted there already");
            return;
        }
        remarks.note(mount.place(), "the volume is a disk of " + SIZE + ", empty in the beginning",
                "Compose names no size for it");
        if (mount.readOnly()) {
            remarks.lost(mount.place(), "that it is read-only", "a disk in a manifest can be written to");
        }
        if (Replicas.areSeveral(mount.machine())) {
            remarks.weaker(mount.place(), "each machine has a disk of its own",
                    "Compose would share the volume among them");
        }
        mount.machine()
                .disk(name, new Block().put("size", Value.word(SIZE)).put("mount", Value.text(mount.target())));
    }
}
