package dev.provision.schema.manifest;

import org.jspecify.annotations.Nullable;

import dev.provision.schema.binding.FromScalar;
import dev.provision.schema.binding.ToScalar;
import dev.provision.schema.units.ByteSize;
import dev.provision.schema.units.ByteSize.BareUnit;
import dev.provision.schema.units.QuantityFormatException;

/**
 * Size of {@code /dev/shm} as written.
 *
 * @param size
 *            null: {@code auto}
 */
public record ShmEntry(@SizeBetween(min = ShmEntry.LEAST, max = ShmEntry.MOST) @Nullable ByteSize size) {

    static final String LEAST = "1MiB";
    static final String MOST = "16TiB";

    @FromScalar(value = "`auto` or a size such as 64MiB", words = "auto", pattern = ByteSize.PATTERN)
    static ShmEntry of(@SizeBetween(min = LEAST, max = MOST) String text) throws QuantityFormatException {
        return new ShmEntry(text.equals("auto") ? null : ByteSize.parse(text, BareUnit.MIB));
    }

    @ToScalar
    static String canonical(String text) throws QuantityFormatException {
        ByteSize size = of(text).size();
        return size == null ? text : size.canonical();
    }
}
