package dev.provision.schema.manifest;

import java.time.Duration;

import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;

import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.jspecify.annotations.Nullable;

import dev.provision.schema.binding.Key;

/** When a machine counts as ready, as written; at most one of the probes. */
// @formatter:off
public record ReadyEntry(
        @Key(value = "a port of the guest that accepts connections", otherwise = "no such probe",
                examples = "5432")
        @Min(value = 1, message = "must be at least 1")
        @Max(value = 65_535, message = "must be at most 65535") @Nullable Integer tcp,

        @Key(value = "a URL of the guest that answers with a status from 200 to 399: {port, path}, or 8080/health",
                otherwise = "no such probe", examples = {"8080/health", "{ port: 8080, path: /health }"})
        @Valid @Nullable HttpEntry http,

        @Key(value = "a command in the guest that ends with exit code 0", otherwise = "no such probe",
                examples = {"[pg_isready, -q]", "test -e /run/ready"})
        @Nullable Command exec,

        @Key(value = "true: the guest has booted and its agent answers", otherwise = "true where no other probe is written")
        @Nullable Boolean agent,

        @Key(value = "how long a boot may take until then", standard = "2m", examples = {"30s", "1m30s"})
        @DurationMin(seconds = 1, message = "must be at least 1s")
        @DurationMax(days = 1, message = "must be at most 1d") @Nullable Duration timeout) {}
// @formatter:on
