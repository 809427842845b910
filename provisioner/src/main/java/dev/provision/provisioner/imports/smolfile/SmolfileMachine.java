package dev.provision.provisioner.imports.smolfile;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

import dev.provision.provisioner.imports.draft.FolderMount;
import dev.provision.provisioner.imports.draft.ForeignImage;
import dev.provision.provisioner.imports.draft.HostPath;
import dev.provision.provisioner.imports.draft.MachineDraft;
import dev.provision.provisioner.imports.draft.Words;
import dev.provision.provisioner.imports.source.Keys;
import dev.provision.provisioner.imports.source.Keys.Located;
import dev.provision.provisioner.imports.source.Remarks;
import dev.provision.provisioner.imports.source.Template;
import dev.provision.schema.fleet.PortForward;
import dev.provision.schema.fleet.RestartPolicy;
import dev.provision.schema.units.QuantityFormatException;

/** The machine that {@code smolvm machine create} makes: {@code [dev]} counts, {@code [artifact]} does not. */
final class SmolfileMachine {

    private final Keys file;
    private final Keys dev;
    private final MachineDraft machine;
    private final Remarks remarks;
    private final HostPath paths;

    SmolfileMachine(Keys file, MachineDraft machine, HostPath paths) {
        this.file = file;
        this.dev = file.below("dev").orElseGet(file::empty);
        this.machine = machine;
        this.remarks = machine.remarks();
        this.paths = paths;
    }

    void convert() {
        image();
        new SmolfileResources(file, machine).convert();
        ports();
        network();
        volumes();
        env();
        command();
        restart();
        SmolfileHealth.convert(file, machine);
        losses();
    }

    private void image() {
        Optional<Template> image = file.text("image");
        image.filter(reference -> !reference.text().equals("builtin"))
                .ifPresent(reference -> ForeignImage.remark(reference.literal().orElse(""), file.place("image"),
                        machine));
        if (image.isEmpty()) {
            remarks.note(file.span(), "the image is the built-in one", "smolvm would boot a bare Alpine");
        }
    }

    /** The list of {@code [dev]} when it has one, which hides the one at the top. */
    private List<Located> chosen(String key) {
        List<Located> top = file.texts(key);
        List<Located> ofDev = dev.texts(key);
        if (!top.isEmpty() && !ofDev.isEmpty()) {
            remarks.note(file.place(key), "`" + key + "` at the top does not count", "that of `dev` hides it");
        }
        return ofDev.isEmpty() ? top : ofDev;
    }

    /** {@code HOST:GUEST}, or one number for both. smolvm listens on all addresses. */
    private void ports() {
        for (Located item : chosen("ports")) {
            String text = item.text().literal().orElse("").strip();
            try {
                machine.port(PortForward.parse("0.0.0.0:" + (text.contains(":") ? text : text + ":" + text)));
            } catch (QuantityFormatException e) {
                remarks.lost(item.span(), "the port " + Remarks.quoted(text), "it is not HOST:GUEST");
            }
        }
    }

    private void network() {
        boolean filtered = file.below("network").filter(this::filters).isPresent();
        if (file.truth("net").orElse(false) || filtered) {
            return;
        }
        if (machine.ports().isEmpty()) {
            machine.withoutNetwork();
        } else {
            remarks.weaker(file.span(), "the machine reaches the outside",
                    "its ports need a network, which smolvm would keep from going out without `net = true`");
        }
    }

    /** What may be reached; that something may be means that there is a network. */
    private boolean filters(Keys policy) {
        boolean hosts = !policy.texts("allow_hosts").isEmpty();
        boolean ranges = !policy.texts("allow_cidrs").isEmpty();
        policy.finish(Map.of());
        if (hosts || ranges) {
            remarks.lost(file.place("network"), "the filter of outbound connections",
                    "a machine that has a network reaches all of it");
        }
        return hosts || ranges;
    }

    /** {@code HOST:GUEST[:ro|:rw]}. */
    private void volumes() {
        for (Located item : chosen("volumes")) {
            String text = item.text().literal().orElse("");
            String[] pieces = text.split(":", -1);
            boolean hasMode = pieces.length == 3 && (pieces[2].equals("ro") || pieces[2].equals("rw"));
            if ((pieces.length == 2 || hasMode) && !pieces[0].isEmpty() && !pieces[1].isEmpty()) {
                FolderMount.convert(paths.fromManifest(Template.of(pieces[0]), item.span()), Template.of(pieces[1]),
                        hasMode && pieces[2].equals("ro"), item.span(), machine);
            } else {
                remarks.lost(item.span(), "the mount " + Remarks.quoted(text), "it is not HOST:GUEST[:ro]");
            }
        }
    }

    /** Those at the top, then those of {@code [dev]}. */
    private void env() {
        List<Located> all = new ArrayList<>(file.texts("env"));
        all.addAll(dev.texts("env"));
        for (Located item : all) {
            String text = item.text().literal().orElse("").strip();
            int equals = text.indexOf('=');
            if (equals > 0 && text.substring(0, equals).matches("[A-Za-z_][A-Za-z0-9_]*") && text.indexOf(0) < 0) {
                machine.env(text.substring(0, equals), Template.of(text.substring(equals + 1)));
            } else {
                remarks.lost(item.span(), "the variable " + Remarks.quoted(text),
                        "it is not NAME=VALUE with a name of letters, digits and _");
            }
        }
    }

    private void command() {
        List<Template> words = new ArrayList<>(file.texts("entrypoint").stream().map(Located::text).toList());
        boolean begun = !words.isEmpty();
        words.addAll(file.texts("cmd").stream().map(Located::text).toList());
        if (words.isEmpty()) {
            return;
        }
        if (!Words.areCommand(words)) {
            file.lose(begun ? "entrypoint" : "cmd", Words.RULE);
            return;
        }
        if (!begun) {
            remarks.note(file.place("cmd"), "`cmd` is the whole command",
                    "smolvm would put the entrypoint of the image in front of it");
        }
        machine.command(words);
    }

    private void restart() {
        Optional<Keys> restart = file.below("restart");
        Optional<RestartPolicy> policy = restart
                .flatMap(keys -> keys.literal("policy").flatMap(word -> policy(keys, word)));
        String bound = "a manifest sets no bound on restarts";
        restart.ifPresent(keys -> keys.finish(Map.of("max_retries", bound, "max_backoff", bound)));
        if (policy.isPresent() && machine.hasCommand()) {
            machine.restart(policy.get());
        } else if (policy.isPresent()) {
            remarks.lost(file.place("restart"), "the restart policy",
                    "the machine has no command: that of the image is not carried over");
        } else if (machine.hasCommand()) {
            remarks.note(file.span(), "a command that fails is restarted",
                    "manifests restart it unless told otherwise, smolvm does not");
        }
    }

    private Optional<RestartPolicy> policy(Keys restart, String word) {
        return switch (word.toLowerCase(Locale.ROOT)) {
            case "never" -> {
                if (machine.hasCommand()) {
                    remarks.note(restart.place("policy"), "the machine is a batch job",
                            "when its command ends it powers off; apply waits for that only where another machine does");
                }
                yield Optional.of(RestartPolicy.NEVER);
            }
            case "always", "unless-stopped", "unlessstopped" -> Optional.of(RestartPolicy.ALWAYS);
            case "on-failure", "onfailure" -> Optional.of(RestartPolicy.ON_FAILURE);
            default -> {
                restart.lose("policy", Remarks.quoted(word) + " is no restart policy");
                yield Optional.empty();
            }
        };
    }

    private void losses() {
        file.below("auth")
                .ifPresent(keys -> keys
                        .finish(Map.of("ssh_agent", "processes in a machine cannot talk to a socket of the host")));
        for (String section : List.of("artifact", "pack", "fork", "service")) {
            file.below(section).ifPresent(keys -> keys.finish(SmolfileLosses.of(section)));
        }
        file.below("secrets")
                .ifPresent(keys -> keys.all()
                        .forEach(secret -> remarks.lost(secret.key().span(),
                                "the secret " + Remarks.quoted(secret.key().text()), SmolfileLosses.SECRETS)));
        dev.finish(SmolfileLosses.ofDev());
        file.finish(SmolfileLosses.ofFile());
    }
}
