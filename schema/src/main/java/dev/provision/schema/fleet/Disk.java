package dev.provision.schema.fleet;

import dev.provision.schema.units.ByteSize;

/**
 * One of a machine's named disks. Persistent as its storage is.
 *
 * @param size
 *            16 MiB to 3 TiB: what the guest can write before it is told that the disk is full
 * @param mount
 *            where the guest finds its file system; an absolute path
 */
public record Disk(ByteSize size, String mount) {

    /** Where a disk is mounted that names no place. */
    public static String mountOf(String name) {
        return "/disks/" + name;
    }

    @Override
    public String toString() {
        return size + " at " + mount;
    }
}
