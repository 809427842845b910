package dev.provision.provisioner.imports.compose;

import java.util.Map;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

import dev.provision.provisioner.imports.draft.MachineDraft;
import dev.provision.provisioner.imports.source.Keys;
import dev.provision.provisioner.imports.source.Keys.Located;
import dev.provision.provisioner.imports.source.Remarks;
import dev.provision.schema.diagnostics.Span;
import dev.provision.schema.document.Node;
import dev.provision.schema.document.Node.Entry;
import dev.provision.schema.document.Node.Mapping;
import dev.provision.schema.fleet.Condition;
import dev.provision.schema.fleet.RestartPolicy;

/** Which services wait for which: {@code depends_on}, and {@code links}, which imply it. */
final class Dependencies {

    /** Machines by the names of their services. */
    private final Map<String, MachineDraft> machines;

    Dependencies(Map<String, MachineDraft> machines) {
        this.machines = machines;
    }

    /** Every machine must know its command and its probe by now. */
    void convert(Keys service, MachineDraft machine) {
        if (service.node("depends_on").orElse(null) instanceof Mapping) {
            service.below("depends_on").ifPresent(keys -> {
                for (Entry entry : keys.all()) {
                    Node value = entry.value();
                    keys.below(entry.key().text()).ifPresent(target -> longSyntax(entry, target, machine));
                    if (value instanceof Node.Scalar) {
                        depend(entry.key().text(), Condition.STARTED, entry.key().span(), machine);
                    }
                }
            });
        } else {
            service.texts("depends_on").forEach(item -> depend(item, Condition.STARTED, machine));
        }
        service.texts("links").forEach(item -> link(item, machine));
    }

    private void longSyntax(Entry entry, Keys keys, MachineDraft machine) {
        String text = keys.literal("condition").orElse("service_started");
        Optional<Condition> condition = switch (text) {
            case "service_started" -> Optional.of(Condition.STARTED);
            case "service_healthy" -> Optional.of(Condition.READY);
            case "service_completed_successfully" -> Optional.of(Condition.COMPLETED);
            default -> Optional.empty();
        };
        if (condition.isEmpty()) {
            machine.remarks()
                    .lost(keys.place("condition"), "the condition " + Remarks.quoted(text),
                            "a dependency waits for started, ready or completed");
        }
        if (!keys.truth("required").orElse(true)) {
            machine.remarks()
                    .weaker(keys.place("required"), "the dependency on " + Remarks.quoted(entry.key().text())
                            + " is required", "a manifest knows no other ones");
        }
        keys.finish(Map.of("restart", "a machine is not restarted because another one was"));
        depend(entry.key().text(), condition.orElse(Condition.STARTED), entry.key().span(), machine);
    }

    /** {@code SERVICE[:ALIAS]}. */
    private void link(Located item, MachineDraft machine) {
        String[] words = item.text().likely().split(":", 2);
        if (words.length > 1 && !words[1].equals(words[0])) {
            machine.remarks()
                    .lost(item.span(), "the alias " + Remarks.quoted(words[1]),
                            "machines are called by their own names");
        }
        depend(words[0], Condition.STARTED, item.span(), machine);
    }

    private void depend(Located item, Condition condition, MachineDraft machine) {
        depend(item.text().likely(), condition, item.span(), machine);
    }

    private void depend(String service, Condition condition, Span place, MachineDraft machine) {
        @Nullable
        MachineDraft target = machines.get(service);
        if (target == null) {
            machine.remarks()
                    .lost(place, "the dependency on " + Remarks.quoted(service),
                            "no service of this file is called so");
        } else {
            machine.dependsOn(target.name(), reachable(condition, target, place, machine.remarks()));
        }
    }

    /** What the machine that is waited for can come to. */
    private static Condition reachable(Condition wanted, MachineDraft target, Span place, Remarks remarks) {
        if (wanted == Condition.READY && !target.hasReady()) {
            remarks.weaker(place, "`" + target.name() + "` is ready when its guest is set up",
                    "its service has no health check here, and one of its image is not carried over");
        }
        if (wanted != Condition.COMPLETED) {
            return wanted;
        }
        if (!target.hasCommand()) {
            remarks.weaker(place, "`" + target.name() + "` only needs to be started",
                    "its service names no command, and a machine without one never completes");
            return Condition.STARTED;
        }
        if (target.restart().filter(policy -> policy != RestartPolicy.NEVER).isPresent()) {
            target.remarks()
                    .weaker(target.span(),
                            "`" + target.name() + "` is a batch job, which is run once, also when it fails",
                            "another machine waits for its completion, and a command that is restarted never completes");
        }
        target.restart(RestartPolicy.NEVER);
        return Condition.COMPLETED;
    }
}
