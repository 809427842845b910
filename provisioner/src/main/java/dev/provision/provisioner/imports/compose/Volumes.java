package dev.provision.provisioner.imports.compose;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import dev.provision.provisioner.imports.draft.FolderMount;
import dev.provision.provisioner.imports.draft.HostPath;
import dev.provision.provisioner.imports.draft.MachineDraft;
import dev.provision.provisioner.imports.source.Keys;
import dev.provision.provisioner.imports.source.Remarks;
import dev.provision.provisioner.imports.source.Template;
import dev.provision.provisioner.imports.source.Texts;
import dev.provision.schema.diagnostics.Span;
import dev.provision.schema.document.Node;
import dev.provision.schema.document.Node.Mapping;
import dev.provision.schema.document.Node.Scalar;

/** Mounts of a service: folders of the host become volumes, named volumes become disks. */
final class Volumes {

    /** Options that ask for what holds anyway, or for what only containers on one kernel know. */
    private static final Set<String> HARMLESS = Set.of("rw", "z", "Z", "cached", "delegated", "consistent", "nocopy");
    private static final Map<String, String> LONG_KEYS = Map.of(
            "bind", "a volume in a manifest has no further options",
            "volume", "a disk in a manifest has no further options",
            "tmpfs", "a manifest mounts no file systems in memory",
            "image", "images are not carried over",
            "consistency", "a machine always sees what the host sees");

    private final Texts texts;
    private final MachineDraft machine;
    private final Remarks remarks;
    private final Disks disks;
    private final HostPath paths;

    private Volumes(Texts texts, MachineDraft machine, Disks disks, HostPath paths) {
        this.texts = texts;
        this.machine = machine;
        this.remarks = machine.remarks();
        this.disks = disks;
        this.paths = paths;
    }

    static void convert(Keys service, MachineDraft machine, Disks disks, HostPath paths) {
        Volumes volumes = new Volumes(service.texts(), machine, disks, paths);
        for (Node item : service.nodes("volumes")) {
            switch (item) {
                case Scalar text -> volumes.shortSyntax(service.texts().read(text, machine.remarks()), text.span());
                case Mapping mapping -> volumes.longSyntax(service.item("volumes", mapping));
                case Node.Sequence list ->
                    machine.remarks().lost(list.span(), "this mount", "it takes a text or a mapping, not a list");
            }
        }
    }

    /** {@code [SOURCE:]TARGET[:OPTIONS]}. */
    private void shortSyntax(Template text, Span place) {
        List<Template> pieces = text.split(':', 0);
        if (pieces.size() == 1) {
            anonymous(text, place);
        } else if (pieces.size() > 3 || isDrive(pieces.getFirst())) {
            remarks.lost(place, "the mount " + Remarks.quoted(text.text()),
                    isDrive(pieces.getFirst()) ? "it begins with a drive of Windows"
                            : "it is not [SOURCE:]TARGET[:OPTIONS]");
        } else {
            mount(pieces.get(0), pieces.get(1), pieces.size() == 3 && isReadOnly(pieces.get(2), place), place);
        }
    }

    /** {@code C:\data:/data}: a path of another system. */
    private static boolean isDrive(Template source) {
        return source.literal().filter(text -> text.matches("[A-Za-z]")).isPresent();
    }

    private boolean isReadOnly(Template options, Span place) {
        List<String> words = List.of(options.literal().orElse("").split(","));
        words.stream()
                .filter(word -> !word.equals("ro") && !HARMLESS.contains(word))
                .forEach(word -> remarks.lost(place, "the option " + Remarks.quoted(word),
                        "a volume in a manifest is read-only or not"));
        return words.contains("ro");
    }

    private void longSyntax(Keys mount) {
        String type = mount.literal("type").orElse("volume");
        Optional<Template> source = mount.text("source");
        Optional<Template> target = mount.text("target");
        boolean readOnly = mount.truth("read_only").orElse(false);
        if (target.isEmpty()) {
            remarks.lost(mount.span(), "this mount", "it has no `target`");
        } else {
            switch (type) {
                case "bind" -> source.ifPresentOrElse(folder -> bind(folder, target.get(), readOnly, mount.span()),
                        () -> remarks.lost(mount.span(), "this mount", "it has no `source`"));
                case "volume" -> source.ifPresentOrElse(
                        volume -> disks.mount(machine, volume, target.get(), readOnly, mount.span()),
                        () -> anonymous(target.get(), mount.span()));
                default -> remarks.lost(mount.span(), "a mount of type " + Remarks.quoted(type),
                        "a manifest mounts folders of the host and disks");
            }
        }
        mount.finish(LONG_KEYS);
    }

    private void mount(Template source, Template target, boolean readOnly, Span place) {
        String likely = source.likely();
        if (likely.isEmpty() || likely.startsWith(".") || likely.startsWith("/") || likely.startsWith("~")) {
            bind(source, target, readOnly, place);
        } else {
            disks.mount(machine, source, target, readOnly, place);
        }
    }

    private void bind(Template source, Template target, boolean readOnly, Span place) {
        if (source.likely().endsWith(".sock")) {
            remarks.lost(place, "the socket " + Remarks.quoted(source.text()),
                    "processes in a machine cannot talk to a socket of the host");
            return;
        }
        Template folder = paths.fromManifest(source, place);
        texts.demand(Template.join(folder, target));
        FolderMount.convert(folder, target, readOnly, place, machine);
    }

    private void anonymous(Template target, Span place) {
        remarks.lost(place, "the volume at " + Remarks.quoted(target.text()),
                "it has no name to keep it by: what is written there lies in the machine's overlay");
    }
}
