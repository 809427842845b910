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
public record HostEntry(
        @Key("the resource pool: `auto`, or a fixed {cpus, memory}") @Nullable PoolEntry pool,
        @Key("what an automatic pool leaves to the host") @Nullable ReserveEntry reserve,
        @Key("how much more than there is an automatic pool promises") @Valid @Nullable OvercommitEntry overcommit,
        @Key("the largest single machine that this policy allows") @Nullable AmountEntry limits) {

    /** {@code auto} when both are null. */
    public record PoolEntry(
            @Key(value = "CPUs of the pool", required = true) @Nullable Cpus cpus,
            @Key(value = "memory of the pool", required = true) @Nullable ByteSize memory) {

        @FromScalar(value = "`auto`", pattern = "auto")
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
            @Key("memory that stays available; 1536MiB unless told otherwise") @Nullable ByteSize memory) {}

    /** Factors of 1 and more. */
    public record OvercommitEntry(
            @Key("factor for CPUs; 4 unless told otherwise") @DecimalMin(value = "1", message = "must be at least 1") @DecimalMax(value = "100", message = "must be at most 100") @Nullable Double cpus,
            @Key("factor for memory; 1 unless told otherwise") @DecimalMin(value = "1", message = "must be at least 1") @DecimalMax(value = "10", message = "must be at most 10") @Nullable Double memory) {}

    /** An upper bound on CPUs and memory. */
    public record AmountEntry(@Key("CPUs") @Nullable Cpus cpus, @Key("memory") @Nullable ByteSize memory) {}
}
