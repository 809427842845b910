package dev.provision.schema.manifest;

import java.time.Duration;

import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.jspecify.annotations.Nullable;

import dev.provision.schema.binding.Key;
import dev.provision.schema.fleet.RestartPolicy;

/** The machine's command as written. */
// @formatter:off
public record RunEntry(
        @Key(value = "the command: a list of arguments, or one text for the shell", required = true,
                examples = {"[postgres, -D, /data]", "make test"})
        @Nullable Command command,

        @Key(value = "when it is started again: always, on-failure or never: a batch job, after which the machine powers off",
                standard = "on-failure")
        @Nullable RestartPolicy restart,

        @Key(value = "how long a batch job may take; then its guest ends it with exit code 124", otherwise = "no limit",
                examples = {"10m", "1h30m"})
        @DurationMin(seconds = 1, message = "must be at least 1s")
        @DurationMax(days = 365, message = "must be at most 365d") @Nullable Duration deadline) {}
// @formatter:on
