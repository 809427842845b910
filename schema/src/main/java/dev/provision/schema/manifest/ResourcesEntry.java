package dev.provision.schema.manifest;

import jakarta.validation.Valid;

import org.jspecify.annotations.Nullable;

import dev.provision.schema.binding.Bare;
import dev.provision.schema.binding.Key;
import dev.provision.schema.units.ByteSize;
import dev.provision.schema.units.ByteSize.BareUnit;

/** What a machine gets, as written. */
public record ResourcesEntry(
        @Key("CPUs: a number, [request, limit] or {request, limit, max}") @Valid @Nullable CpuEntry cpus,
        @Key("memory: a size, [request, limit] or {request, limit, max}") @Valid @Nullable MemoryEntry memory,
        @Key("writable layer over the image, lost when the machine is recreated; a bare number is GiB") @SizeBetween(min = "64MiB", max = "3TiB") @Bare(BareUnit.GIB) @Nullable ByteSize overlay,
        @Key("persistent disk at /data; survives the machine; a bare number is GiB") @SizeBetween(min = "16MiB", max = "3TiB") @Bare(BareUnit.GIB) @Nullable ByteSize storage,
        @Key("size of /dev/shm, or `auto`: half the machine's memory") @Valid @Nullable ShmEntry shm) {}
