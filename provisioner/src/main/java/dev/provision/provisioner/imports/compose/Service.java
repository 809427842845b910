package dev.provision.provisioner.imports.compose;

import java.util.Optional;

import dev.provision.provisioner.imports.draft.ForeignImage;
import dev.provision.provisioner.imports.draft.HostPath;
import dev.provision.provisioner.imports.draft.MachineDraft;
import dev.provision.provisioner.imports.source.Keys;
import dev.provision.provisioner.imports.source.LabelNames;
import dev.provision.provisioner.imports.source.Remarks;
import dev.provision.provisioner.imports.source.Template;

/** One service, under its name in the Compose file, and the entry it becomes. */
record Service(String name, Keys keys, MachineDraft machine) {

    private static final long MOST_MACHINES = 100_000;

    /** Everything but what it waits for. */
    void convert(Interpolation interpolation, Networks networks, Disks disks, HostPath paths) {
        Optional<Keys> deploy = keys.below("deploy");
        image();
        count(deploy);
        names();
        Resources.convert(keys, deploy, machine);
        Ports.convert(keys, machine);
        networks.convert(keys, machine);
        Volumes.convert(keys, machine, disks, paths);
        Environment.convert(keys, interpolation, machine);
        Running.convert(keys, deploy, machine);
        Health.convert(keys, machine);
        deploy.ifPresent(below -> below.finish(Losses.ofDeploy()));
    }

    /** Says what became of all other keys. */
    void finish(Dependencies dependencies) {
        dependencies.convert(keys, machine);
        noteIfThere("init", "a guest has an init process anyway");
        noteIfThere("expose", "on a network every port of a machine can be reached");
        keys.finish(Losses.ofService());
    }

    private void noteIfThere(String key, String why) {
        if (keys.has(key)) {
            machine.remarks().note(keys.place(key), "`" + key + "` needs no counterpart", why);
        }
    }

    private void image() {
        Optional<Template> image = keys.text("image");
        if (image.flatMap(Template::literal).filter("builtin"::equals).isPresent()) {
            return;
        }
        image.ifPresent(reference -> ForeignImage.remark(reference.text(), keys.place("image"), machine));
    }

    private void count(Optional<Keys> deploy) {
        Quantities.first(deploy.flatMap(below -> Quantities.whole(below, "replicas", 0, MOST_MACHINES)),
                Quantities.whole(keys, "scale", 0, MOST_MACHINES), keys, "scale")
                .filter(count -> count.known().filter(number -> number == 1).isEmpty())
                .ifPresent(count -> machine.count(count.value()));
        deploy.flatMap(below -> below.literal("mode"))
                .filter("global"::equals)
                .ifPresent(mode -> machine.remarks()
                        .note(keys.place("deploy"), "there is one machine of this service",
                                "a manifest is for one host"));
    }

    /** A machine's name is its host name. */
    private void names() {
        name("hostname", "a machine's host name is its own name");
        name("container_name", "a machine is called by its entry");
    }

    private void name(String key, String why) {
        keys.text(key)
                .filter(name -> !LabelNames.label(name.likely(), "").equals(machine.name()))
                .ifPresent(name -> machine.remarks()
                        .lost(keys.place(key), "the name " + Remarks.quoted(name.text()), why));
    }
}
