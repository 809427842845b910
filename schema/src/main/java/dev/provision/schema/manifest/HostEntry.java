package dev.provision.schema.manifest;

import jakarta.validation.Valid;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;

import org.jspecify.annotations.Nullable;

import dev.provision.schema.binding.FromScalar;
import dev.provision.schema.binding.Key;
import dev.provision.schema.units.ByteSize;
import dev.provision.schema.units.Cpus;
import dev.provision.schema.units.QuantityFormatException;

/** What the fleet may take from the host, as written. */
// @formatter:off
public record HostEntry(
        @Key(value = "the resource pool: `auto`, or a fixed {cpus, memory}", standard = "auto",
                examples = {"auto", "{ cpus: 8, memory: 4GiB }"})
        @Nullable PoolEntry pool,

        @Key(value = "what an automatic pool leaves to the host", examples = "{ memory: 2GiB }")
        @Nullable ReserveEntry reserve,

        @Key(value = "how much more than there is an automatic pool promises",
                examples = "{ cpus: 2, memory: 1.5 }")
        @Valid @Nullable OvercommitEntry overcommit,

        @Key(value = "the largest single machine that this policy allows", otherwise = "what the host can run",
                examples = "{ cpus: 16, memory: 32GiB }")
        @Nullable AmountEntry limits) {

    /** {@code auto} when both are null. */
    public record PoolEntry(
            @Key(value = "CPUs of the pool", required = true, examples = "8") @Nullable Cpus cpus,

            @Key(value = "memory of the pool", required = true, examples = "4GiB") @Nullable ByteSize memory) {

        @FromScalar(value = "`auto`", words = "auto")
        static PoolEntry of(String text) throws QuantityFormatException {
            if (!text.equals("auto")) {
                throw new QuantityFormatException("`" + text + "` is no resource pool",
                        "write auto, or {cpus: 4, memory: 4GiB}");
            }
            return new PoolEntry(null, null);
        }
    }

    /** What is left alone. */
    public record ReserveEntry(
            @Key(value = "memory that stays available", standard = "1536MiB", examples = "2GiB")
            @Nullable ByteSize memory) {}

    /** Factors of 1 and more. */
    public record OvercommitEntry(
            @Key(value = "factor for CPUs", standard = "4", examples = "2.5")
            @DecimalMin(value = "1", message = "must be at least 1")
            @DecimalMax(value = "100", message = "must be at most 100") @Nullable Double cpus,

            @Key(value = "factor for memory", standard = "1", examples = "1.5")
            @DecimalMin(value = "1", message = "must be at least 1")
            @DecimalMax(value = "10", message = "must be at most 10") @Nullable Double memory) {}

    /** An upper bound on CPUs and memory. */
    public record AmountEntry(
            @Key(value = "CPUs of one machine", otherwise = "any number", examples = "16") @Nullable Cpus cpus,

            @Key(value = "memory of one machine", otherwise = "any amount", examples = "32GiB") @Nullable ByteSize memory) {}
    // @formatter:on
}
