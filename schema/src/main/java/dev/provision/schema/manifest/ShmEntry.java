package dev.provision.schema.manifest;

import org.jspecify.annotations.Nullable;

import dev.provision.schema.binding.FromScalar;
import dev.provision.schema.units.ByteSize;
import dev.provision.schema.units.ByteSize.BareUnit;
import dev.provision.schema.units.QuantityFormatException;

/**
 * Size of {@code /dev/shm} as written.
 *
 * @param size
 *            null: {@code auto}
 */
public record ShmEntry(@SizeBetween(min = "1MiB", max = "16TiB") @Nullable ByteSize size) {

    @FromScalar(value = "`auto` or a size such as 64MiB", pattern = "auto|" + ByteSize.PATTERN)
    static ShmEntry of(String text) throws QuantityFormatException {
        return new ShmEntry(text.equals("auto") ? null : ByteSize.parse(text, BareUnit.MIB));
    }
}
