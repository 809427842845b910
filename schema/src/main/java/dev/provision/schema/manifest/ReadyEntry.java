package dev.provision.schema.manifest;

import java.time.Duration;

import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.jspecify.annotations.Nullable;

import dev.provision.schema.binding.Key;

/** When a machine counts as ready, as written. */
public record ReadyEntry(
        @Key("how long a boot may take; 2m unless told otherwise") @DurationMin(seconds = 1, message = "must be at least 1s") @DurationMax(days = 1, message = "must be at most 1d") @Nullable Duration timeout) {}
