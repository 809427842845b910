package dev.provision.schema.manifest;

import org.jspecify.annotations.Nullable;

import dev.provision.schema.binding.Key;
import dev.provision.schema.fleet.RestartPolicy;

/** The machine's command as written. */
public record RunEntry(
        @Key(value = "the command: a list of arguments, or one text for the shell", required = true) @Nullable Command command,
        @Key("when it is started again: always, on-failure (unless told otherwise) or never: a batch job, after which the machine powers off") @Nullable RestartPolicy restart) {}
