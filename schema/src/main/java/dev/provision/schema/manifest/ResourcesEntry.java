package dev.provision.schema.manifest;

import java.util.List;
import java.util.Map;

import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Pattern;

import org.jspecify.annotations.Nullable;

import dev.provision.schema.binding.Bare;
import dev.provision.schema.binding.Key;
import dev.provision.schema.units.ByteSize;
import dev.provision.schema.units.ByteSize.BareUnit;

/** What a machine gets, as written. */
public record ResourcesEntry(
        @Key(value = "CPUs: a number, [request, limit] or {request, limit, max}; 1 unless told otherwise", aliases = {
            @Key.Alias("cpu"), @Key.Alias("vcpus")}) @Valid @Nullable CpuEntry cpus,
        @Key(value = "host CPUs that the vCPUs are pinned to: `0,1`, `0-3` or a list", aliases = {
            @Key.Alias("cpuset_cpus"),
            @Key.Alias("cpuset-cpus")}) @Nullable CpuSetEntry cpuset,
        @Key(value = "weight against other machines when CPUs are short; 1024 unless told otherwise", aliases = {
            @Key.Alias("cpu_shares"), @Key.Alias("cpu-shares"),
            @Key.Alias("cpuShares")}) @Min(value = 2, message = "must be at least 2") @Max(value = 262_144, message = "must be at most 262144") @Nullable Integer shares,
        @Key(value = "memory: a size, [request, limit] or {request, limit, max, hard}; 512MiB unless told otherwise", aliases = {
            @Key.Alias("mem"), @Key.Alias("mem_limit"), @Key.Alias(value = "memoryMb", unit = "MiB", namesUnit = true),
            @Key.Alias(value = "memory_mb", unit = "MiB", namesUnit = true),
            @Key.Alias(value = "memory-reservation", into = "request"),
            @Key.Alias(value = "memory_reservation", into = "request"),
            @Key.Alias(value = "memoryReservation", into = "request"),
            @Key.Alias(value = "mem_reservation", into = "request")}) @Valid @Nullable MemoryEntry memory,
        @Key("whether the host may swap the machine's memory out; true unless told otherwise") @Nullable Boolean swap,
        @Key(value = "writable layer over the image, lost when the machine is recreated; a bare number is GiB", aliases = {
            @Key.Alias("disk"), @Key.Alias(value = "overlayGb", unit = "GiB", namesUnit = true),
            @Key.Alias(value = "overlay_gb", unit = "GiB", namesUnit = true),
            @Key.Alias(value = "ephemeral_disk", unit = "MiB")}) @SizeBetween(min = "64MiB", max = "3TiB") @Bare(BareUnit.GIB) @Nullable ByteSize overlay,
        @Key(value = "persistent disk at /data; survives the machine; a bare number is GiB", aliases = {
            @Key.Alias(value = "storageGb", unit = "GiB", namesUnit = true),
            @Key.Alias(value = "storage_gb", unit = "GiB", namesUnit = true)}) @SizeBetween(min = "16MiB", max = "3TiB") @Bare(BareUnit.GIB) @Nullable ByteSize storage,
        @Key("further persistent disks, by name") @Nullable Map<@Pattern(regexp = "[a-z0-9]([a-z0-9-]{0,13}[a-z0-9])?", message = "cannot be the name of a disk: use 1 to 15 lower-case letters, digits and dashes") String, @Valid DiskEntry> disks,
        @Key(value = "size of /dev/shm, or `auto`: half the machine's memory, as when nothing is said", aliases = @Key.Alias("shm_size")) @Valid @Nullable ShmEntry shm,
        @Key(value = "GPUs: true, a count, MODEL:COUNT, or {device, quantity, partition}", aliases = @Key.Alias("gpus")) @Valid @Nullable GpuEntry gpu,
        @Key("host devices: names from the host's device catalogue, or {pci}") @Nullable List<@Valid DeviceEntry> devices) {

    /** Nothing said. */
    public static final ResourcesEntry NONE = new ResourcesEntry(null, null, null, null, null, null, null, null, null,
            null, null);
}
