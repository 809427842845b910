package dev.provision.schema.manifest;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;

import org.jspecify.annotations.Nullable;

import dev.provision.schema.binding.Key;
import dev.provision.schema.units.ByteSize;

/** Limits of a machine's disks as written. */
// @formatter:off
public record IoEntry(
        @Key(value = "reads and writes a second, of all disks together", otherwise = "any number", change = "live",
                examples = "500")
        @Min(value = 10, message = "must be at least 10: a machine with less would hardly boot")
        @Max(value = 10_000_000, message = "must be at most 10000000") @Nullable Integer iops,

        @Key(value = "bytes read and written a second, of all disks together; a bare number is MiB",
                otherwise = "any amount", change = "live", examples = {"50MiB", "200"})
        @SizeBetween(min = "1MiB", max = "1TiB") @Nullable ByteSize bandwidth) {
    // @formatter:on
}
