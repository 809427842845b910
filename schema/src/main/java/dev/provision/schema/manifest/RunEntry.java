package dev.provision.schema.manifest;

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
        @Nullable RestartPolicy restart) {}
// @formatter:on
