package dev.provision.provisioner.imports.compose;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import dev.provision.provisioner.imports.draft.HealthCheck;
import dev.provision.provisioner.imports.draft.MachineDraft;
import dev.provision.provisioner.imports.draft.Words;
import dev.provision.provisioner.imports.source.GoDuration;
import dev.provision.provisioner.imports.source.Keys;
import dev.provision.provisioner.imports.source.Keys.Located;
import dev.provision.provisioner.imports.source.Remarks;
import dev.provision.provisioner.imports.source.Template;
import dev.provision.schema.document.Node.Sequence;

/** A service's health check: a manifest waits until it succeeds for the first time. */
final class Health {

    /** Docker's defaults. */
    private static final Duration INTERVAL = Duration.ofSeconds(30);
    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final long RETRIES = 3;

    private Health() {}

    static void convert(Keys service, MachineDraft machine) {
        service.below("healthcheck").ifPresent(check -> convertCheck(check, machine));
    }

    private static void convertCheck(Keys check, MachineDraft machine) {
        boolean disabled = check.truth("disable").orElse(false);
        List<Template> exec = exec(check);
        Duration interval = duration(check, "interval").orElse(INTERVAL);
        Duration timeout = duration(check, "timeout").orElse(TIMEOUT);
        Duration grace = duration(check, "start_period").orElse(Duration.ZERO);
        duration(check, "start_interval");
        long retries = check.whole("retries", 1, Long.MAX_VALUE).orElse(RETRIES);
        check.finish(Map.of());
        if (!exec.isEmpty() && !Words.areCommand(exec)) {
            check.lose("test", Words.RULE);
        } else if (!disabled && !exec.isEmpty()) {
            machine.ready(new HealthCheck(exec, interval, timeout, retries, grace).ready());
            machine.remarks()
                    .note(check.span(), "the health check decides when the machine is ready",
                            "it is not repeated afterwards; its times make one `timeout`");
        }
    }

    private static List<Template> exec(Keys check) {
        if (!(check.node("test").orElse(null) instanceof Sequence)) {
            return check.text("test").map(Health::shell).orElse(List.of());
        }
        List<Template> words = new ArrayList<>(check.texts("test").stream().map(Located::text).toList());
        String form = words.isEmpty() ? "NONE" : words.removeFirst().literal().orElse("");
        return switch (form) {
            case "NONE" -> List.of();
            case "CMD" -> words;
            case "CMD-SHELL" -> words.isEmpty() ? List.of() : shell(words.getFirst());
            default -> {
                check.lose("test", "it begins with none of NONE, CMD and CMD-SHELL");
                yield List.of();
            }
        };
    }

    private static List<Template> shell(Template command) {
        return List.of(Template.of("/bin/sh"), Template.of("-c"), command);
    }

    private static Optional<Duration> duration(Keys check, String key) {
        Optional<String> text = check.literal(key);
        Optional<Duration> duration = text.flatMap(GoDuration::parse);
        if (text.isPresent() && duration.isEmpty()) {
            check.lose(key, Remarks.quoted(text.get()) + " is not a duration");
        }
        return duration;
    }
}
