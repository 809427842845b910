package dev.provision.schema.fleet;

/**
 * Which of a machine's persistent disks. Its text is the disk's path in plans: {@code storage}, {@code disks.NAME}.
 *
 * @param name
 *            of a named disk; empty for the machine's storage
 */
public record DiskKey(String name) implements Comparable<DiskKey> {

    public static final DiskKey STORAGE = new DiskKey("");

    public boolean isStorage() {
        return name.isEmpty();
    }

    /** The storage first, then by name. */
    @Override
    public int compareTo(DiskKey other) {
        return name.compareTo(other.name);
    }

    @Override
    public String toString() {
        return isStorage() ? "storage" : "disks." + name;
    }
}
