package dev.provision.provisioner.imports.compose;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import dev.provision.provisioner.imports.draft.MachineDraft;
import dev.provision.provisioner.imports.draft.Words;
import dev.provision.provisioner.imports.source.Keys;
import dev.provision.provisioner.imports.source.Keys.Located;
import dev.provision.provisioner.imports.source.Remarks;
import dev.provision.provisioner.imports.source.Template;
import dev.provision.schema.document.Node.Sequence;
import dev.provision.schema.fleet.RestartPolicy;

/** What a service runs, and what happens when that ends. */
final class Running {

    private final Keys service;
    private final MachineDraft machine;
    private final Remarks remarks;

    private Running(Keys service, MachineDraft machine) {
        this.service = service;
        this.machine = machine;
        this.remarks = machine.remarks();
    }

    static void convert(Keys service, Optional<Keys> deploy, MachineDraft machine) {
        Running running = new Running(service, machine);
        running.command();
        running.restart(deploy.flatMap(keys -> keys.below("restart_policy")));
    }

    private void command() {
        List<Template> entrypoint = words("entrypoint");
        List<Template> command = words("command");
        if (entrypoint.isEmpty() && !command.isEmpty()) {
            remarks.note(service.place("command"), "`command` is the whole command",
                    "Compose would put the entrypoint of the image in front of it");
        }
        List<Template> words = new ArrayList<>(entrypoint);
        words.addAll(command);
        if (words.isEmpty()) {
            return;
        }
        if (Words.areCommand(words)) {
            machine.command(words);
        } else {
            service.lose(entrypoint.isEmpty() ? "command" : "entrypoint", Words.RULE);
        }
    }

    /** The words of a command; none when nothing is said or what the image says shall not count. */
    private List<Template> words(String key) {
        if (service.node(key).orElse(null) instanceof Sequence) {
            return service.texts(key).stream().map(Located::text).toList();
        }
        return service.text(key).map(line -> {
            Optional<List<Template>> words = ShellWords.split(line);
            if (words.isEmpty()) {
                service.lose(key, "a quote or a backslash in it has no end");
            }
            return words.orElse(List.of());
        }).orElse(List.of());
    }

    private void restart(Optional<Keys> deployed) {
        Optional<RestartPolicy> own = service.literal("restart").flatMap(this::policy);
        Optional<RestartPolicy> condition = deployed.flatMap(this::condition);
        if (condition.isPresent() && own.isPresent() && !condition.equals(own)) {
            service.lose("restart", "`deploy` says something else, which goes before it");
        }
        Optional<RestartPolicy> policy = condition.or(() -> own);
        deployed.ifPresent(keys -> keys
                .finish(Map.of("delay", "the guest waits before it restarts a command as it sees fit", "max_attempts",
                        "a manifest sets no bound on restarts", "window", "a manifest sets no bound on restarts")));
        if (policy.isPresent() && !machine.hasCommand()) {
            remarks.lost(deployed.map(Keys::span).orElse(service.place("restart")), "the restart policy",
                    "the machine has no command: that of the image is not carried over");
        } else {
            policy.ifPresent(machine::restart);
        }
    }

    private Optional<RestartPolicy> policy(String text) {
        String[] words = text.split(":", 2);
        if (words.length > 1) {
            remarks.lost(service.place("restart"), "the bound in " + Remarks.quoted(text),
                    "a manifest sets no bound on restarts");
        }
        return switch (words[0]) {
            case "no", "false", "" -> once("restart", service);
            case "always", "unless-stopped" -> Optional.of(RestartPolicy.ALWAYS);
            case "on-failure" -> Optional.of(RestartPolicy.ON_FAILURE);
            default -> unknown("restart", text, service);
        };
    }

    private Optional<RestartPolicy> condition(Keys policy) {
        return switch (policy.literal("condition").orElse("any")) {
            case "none" -> once("condition", policy);
            case "any" -> Optional.of(RestartPolicy.ALWAYS);
            case "on-failure" -> Optional.of(RestartPolicy.ON_FAILURE);
            case String other -> unknown("condition", other, policy);
        };
    }

    private Optional<RestartPolicy> once(String key, Keys keys) {
        if (machine.hasCommand()) {
            remarks.note(keys.place(key), "the machine is a batch job",
                    "when its command ends it powers off; apply waits for that only where another machine does");
        }
        return Optional.of(RestartPolicy.NEVER);
    }

    private static Optional<RestartPolicy> unknown(String key, String text, Keys keys) {
        keys.lose(key, Remarks.quoted(text) + " is no restart policy");
        return Optional.empty();
    }
}
