package dev.provision.schema.fleet;

import java.util.Optional;

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
}
