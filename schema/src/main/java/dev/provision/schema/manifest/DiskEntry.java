package dev.provision.schema.manifest;

import jakarta.validation.constraints.Pattern;

import org.jspecify.annotations.Nullable;

import dev.provision.schema.binding.Bare;
import dev.provision.schema.binding.FromScalar;
import dev.provision.schema.binding.Key;
import dev.provision.schema.units.ByteSize;
import dev.provision.schema.units.ByteSize.BareUnit;

/** A named disk as written. */
// @formatter:off
public record DiskEntry(
        @Key(value = "size; a bare number is GiB", required = true, examples = {"100GiB", "100"})
        @SizeBetween(min = "16MiB", max = "3TiB") @Bare(BareUnit.GIB) @Nullable ByteSize size,

        @Key(value = "where the guest mounts it", otherwise = "/disks/NAME", examples = "/var/log")
        @Pattern(regexp = "(/[A-Za-z0-9._-]*[A-Za-z0-9_-][A-Za-z0-9._-]*){1,8}",
                message = "must be an absolute path of plain names, such as /scratch")
        @Nullable String mount) {
    // @formatter:on

    @FromScalar(value = "a size such as 100GiB", key = "size")
    static DiskEntry of(@Bare(BareUnit.GIB) ByteSize size) {
        return new DiskEntry(size, null);
    }
}
