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
public record ReadyEntry(
        @Key("a port of the guest that accepts connections") @Min(value = 1, message = "must be at least 1") @Max(value = 65_535, message = "must be at most 65535") @Nullable Integer tcp,
        @Key("a URL of the guest that answers with a status from 200 to 399: {port, path}, or 8080/health") @Valid @Nullable HttpEntry http,
        @Key("a command in the guest that ends with exit code 0") @Nullable Command exec,
        @Key("true: the guest has booted and its agent answers, as when nothing is said") @Nullable Boolean agent,
        @Key("how long a boot may take until then; 2m unless told otherwise") @DurationMin(seconds = 1, message = "must be at least 1s") @DurationMax(days = 1, message = "must be at most 1d") @Nullable Duration timeout) {}
