package dev.provision.schema.fleet;

import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.provision.schema.units.ByteSize;

/**
 * What all disks of a machine may do together: overlay, storage and named ones, reads and writes alike.
 *
 * @param iops
 *            operations a second, at least 1; absent: no limit
 * @param bandwidth
 *            bytes a second, in whole MiB; absent: no limit
 */
public record IoLimits(Optional<Integer> iops, Optional<ByteSize> bandwidth) {

    public static final IoLimits NONE = new IoLimits(Optional.empty(), Optional.empty());

    public boolean isNone() {
        return iops.isEmpty() && bandwidth.isEmpty();
    }

    /** {@code 500 iops, 10 MiB/s}; {@code none}. */
    @Override
    public String toString() {
        return isNone() ? "none"
                : Stream.of(iops.map(most -> most + " iops"), bandwidth.map(most -> most + "/s"))
                        .flatMap(Optional::stream)
                        .collect(Collectors.joining(", "));
    }
}
