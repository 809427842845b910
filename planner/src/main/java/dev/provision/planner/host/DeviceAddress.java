package dev.provision.planner.host;

import java.util.regex.Pattern;

/**
 * Where a device of the host is: on the PCI bus, {@code 0000:3b:00.0}, or, of a mediated device (mdev), its UUID. Both are the
 * names of their directories in sysfs (Linux, Documentation/ABI/testing/sysfs-bus-pci and sysfs-bus-vfio-mdev).
 */
public record DeviceAddress(String text) implements Comparable<DeviceAddress> {

    private static final Pattern PCI = Pattern.compile("[0-9a-f]{4,8}:[0-9a-f]{2}:[01][0-9a-f]\\.[0-7]");
    private static final Pattern MEDIATED = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

    public DeviceAddress {
        if (!isAddress(text)) {
            throw new IllegalArgumentException("no address of a device: " + text);
        }
    }

    /** It reads as one; as what sysfs has, and records of machines. */
    public static boolean isAddress(String text) {
        return PCI.matcher(text).matches() || MEDIATED.matcher(text).matches();
    }

    /** A driver of the host has made it out of a part of another device. */
    public boolean isMediated() {
        return MEDIATED.matcher(text).matches();
    }

    @Override
    public int compareTo(DeviceAddress other) {
        return text.compareTo(other.text);
    }

    @Override
    public String toString() {
        return text;
    }
}
