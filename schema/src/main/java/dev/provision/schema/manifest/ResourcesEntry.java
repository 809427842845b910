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
// @formatter:off
public record ResourcesEntry(
        @Key(value = "CPUs: a number, [request, limit] or {request, limit, max}",
                aliases = {@Key.Alias("cpu"), @Key.Alias("vcpus")},
                standard = "1", examples = {"2", "500m", "[0.5, 2]", "{ limit: 2, max: 4 }"})
        @Valid @Nullable CpuEntry cpus,

        @Key(value = "host CPUs that the vCPUs are pinned to",
                aliases = {@Key.Alias("cpuset_cpus"), @Key.Alias("cpuset-cpus")},
                otherwise = "any", change = "live", examples = {"0-3", "\"0,2\"", "[0, 2, 4-7]"})
        @Nullable CpuSetEntry cpuset,

        @Key(value = "weight against other machines when CPUs are short",
                aliases = {@Key.Alias("cpu_shares"), @Key.Alias("cpu-shares"), @Key.Alias("cpuShares")},
                standard = "1024", change = "live", examples = "512")
        @Min(value = 2, message = "must be at least 2")
        @Max(value = 262_144, message = "must be at most 262144") @Nullable Integer shares,

        @Key(value = "memory: a size, [request, limit] or {request, limit, max, hard}; a bare number is MiB",
                aliases = {@Key.Alias("mem"), @Key.Alias("mem_limit"),
                    @Key.Alias(value = "memoryMb", unit = "MiB", namesUnit = true),
                    @Key.Alias(value = "memory_mb", unit = "MiB", namesUnit = true),
                    @Key.Alias(value = "memory-reservation", into = "request"),
                    @Key.Alias(value = "memory_reservation", into = "request"),
                    @Key.Alias(value = "memoryReservation", into = "request"),
                    @Key.Alias(value = "mem_reservation", into = "request")},
                standard = "512MiB", examples = {"1GiB", "[512MiB, 1GiB]", "{ limit: 1GiB, max: 4GiB }"})
        @Valid @Nullable MemoryEntry memory,

        @Key(value = "whether the host may swap the machine's memory out", standard = "true", change = "live")
        @Nullable Boolean swap,

        @Key(value = "writable layer over the image, lost when the machine is recreated; a bare number is GiB",
                aliases = {@Key.Alias("disk"), @Key.Alias(value = "overlayGb", unit = "GiB", namesUnit = true),
                    @Key.Alias(value = "overlay_gb", unit = "GiB", namesUnit = true),
                    @Key.Alias(value = "ephemeral_disk", unit = "MiB")},
                otherwise = "a layer in the machine's memory",
                change = "live; restart when it is added; recreate when it is made smaller or taken away",
                examples = {"10GiB", "0.5"})
        @SizeBetween(min = "64MiB", max = "3TiB") @Bare(BareUnit.GIB) @Nullable ByteSize overlay,

        @Key(value = "persistent disk at /data; survives the machine; a bare number is GiB",
                aliases = {@Key.Alias(value = "storageGb", unit = "GiB", namesUnit = true),
                    @Key.Alias(value = "storage_gb", unit = "GiB", namesUnit = true)},
                otherwise = "none", change = "live; restart when it is added or taken away; never made smaller",
                examples = {"20GiB", "20"})
        @SizeBetween(min = "16MiB", max = "3TiB") @Bare(BareUnit.GIB) @Nullable ByteSize storage,

        @Key(value = "further persistent disks, by name", otherwise = "none",
                change = "live; restart when one is added, taken out or mounted elsewhere; none is made smaller",
                examples = {"{ scratch: 100GiB }", "{ logs: { size: 5GiB, mount: /var/log } }"})
        @Nullable Map<@Pattern(regexp = "[a-z0-9]([a-z0-9-]{0,13}[a-z0-9])?",
                message = "cannot be the name of a disk: use 1 to 15 lower-case letters, digits and dashes") String, @Valid DiskEntry> disks,

        @Key(value = "what the disks may do a second, all of them together", otherwise = "no limit", change = "live",
                examples = {"{ iops: 500 }", "{ iops: 1000, bandwidth: 50MiB }"})
        @Valid @Nullable IoEntry io,

        @Key(value = "size of /dev/shm, or `auto`: half the machine's memory; a bare number is MiB",
                aliases = @Key.Alias("shm_size"), standard = "auto", change = "live", examples = {"auto", "128MiB"})
        @Valid @Nullable ShmEntry shm,

        @Key(value = "GPUs: true for an emulated one (virtio-gpu); a count, MODEL:COUNT, or {device, quantity, partition} for GPUs of the host, which the machine takes over", aliases = @Key.Alias("gpus"),
                standard = "false", change = "restart",
                examples = {"true", "2", "A100:4", "{ device: A100, partition: 1g.5gb }"})
        @Valid @Nullable GpuEntry gpu,

        @Key(value = "host devices: names from the host's device catalogue, or {pci}",
                otherwise = "none", change = "restart", examples = {"[tpu]", "[{ pci: \"0000:3c:00.0\" }]"})
        @Nullable List<@Valid DeviceEntry> devices) {
    // @formatter:on

    /** Nothing said. */
    public static final ResourcesEntry NONE = new ResourcesEntry(null, null, null, null, null, null, null, null, null,
            null, null, null);
}
