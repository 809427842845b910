package dev.provision.provisioner.imports.smolfile;

import java.time.Duration;
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

/** The health check of a Smolfile, which {@code smolvm machine monitor} repeats: a manifest waits until it succeeds once. */
final class SmolfileHealth {

    /** The defaults of {@code smolvm machine monitor}. */
    private static final Duration INTERVAL = Duration.ofSeconds(5);
    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static final long RETRIES = 3;

    private SmolfileHealth() {}

    static void convert(Keys file, MachineDraft machine) {
        file.below("health").ifPresent(health -> {
            List<Template> exec = health.texts("exec").stream().map(Located::text).toList();
            HealthCheck check = new HealthCheck(exec, duration(health, "interval").orElse(INTERVAL),
                    duration(health, "timeout").orElse(TIMEOUT),
                    health.whole("retries", 1, Long.MAX_VALUE).orElse(RETRIES),
                    duration(health, "startup_grace").orElse(Duration.ZERO));
            health.finish(Map.of());
            if (!exec.isEmpty() && !Words.areCommand(exec)) {
                health.lose("exec", Words.RULE);
            } else if (!exec.isEmpty()) {
                machine.ready(check.ready());
                machine.remarks()
                        .note(file.place("health"), "the health check decides when the machine is ready",
                                "it is not repeated afterwards; its times make one `timeout`");
            }
        });
    }

    /** A number without a unit counts seconds. */
    private static Optional<Duration> duration(Keys health, String key) {
        Optional<String> text = health.literal(key).map(String::strip);
        Optional<Duration> duration = text
                .flatMap(word -> GoDuration.parse(word.matches("[0-9]+") ? word + "s" : word));
        if (text.isPresent() && duration.isEmpty()) {
            health.lose(key, Remarks.quoted(text.get()) + " is not a duration");
        }
        return duration;
    }
}
