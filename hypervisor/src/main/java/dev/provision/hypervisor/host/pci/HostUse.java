package dev.provision.hypervisor.host.pci;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the host itself does with its devices: to take such a device away would take the host down. Found by where network
 * interfaces and mounted block devices hang in the tree of devices; volumes of LVM and the like by what they are made of.
 */
final class HostUse {

    /**
     * The third word of a line of mountinfo is the device's number, the fifth the place, and behind the dash are type and source
     * (proc(5)). File systems of several devices, as btrfs, have a number of no device, and the first of them as their source.
     */
    private static final Pattern MOUNT = Pattern
            .compile("(?m)^\\S+ \\S+ ([0-9]+:[0-9]+) \\S+ (\\S+) .*? - (\\S+) (\\S+)");
    private static final String NO_DEVICE = "0:";
    private static final String DEV = "/dev/";
    private static final Pattern ADDRESS = Pattern.compile("[0-9a-f]{4,8}:[0-9a-f]{2}:[01][0-9a-f]\\.[0-7]");

    /** What several controllers lead to is a device of no bus: {@code devices/virtual/nvme-subsystem/nvme-subsys0/nvme0n1}. */
    private static final Pattern NVME_SUBSYSTEM = Pattern.compile("nvme-subsys[0-9]+");
    private static final Pattern NVME_CONTROLLER = Pattern.compile("nvme[0-9]+");

    /** How ZFS names partitions that it makes of whole disks; the kernel hands the names on, those of GPT. */
    private static final String ZFS_PARTITION = "PARTNAME=zfs-";

    private final Map<String, List<String>> uses = new HashMap<>();

    private HostUse() {}

    /**
     * One clause for each use, by address of the device.
     *
     * @param mountinfo
     *            /proc/self/mountinfo
     */
    static Map<String, List<String>> of(Path sysfs, String mountinfo) {
        HostUse use = new HostUse();
        for (String name : Sysfs.names(sysfs.resolve("class/net"))) {
            Path link = sysfs.resolve("class/net").resolve(name);
            if (Sysfs.text(link.resolve("carrier")).filter("1"::equals).isPresent()) {
                use.add(link, "its network interface " + name + " is connected");
            }
        }
        Matcher mount = MOUNT.matcher(mountinfo);
        while (mount.find()) {
            String what = "the file system at " + mount.group(2) + " is on it";
            for (Path device : devices(sysfs, mount)) {
                use.mounted(device, what, new HashSet<>());
            }
        }
        return use.uses;
    }

    private static List<Path> devices(Path sysfs, Matcher mount) {
        if (!mount.group(1).startsWith(NO_DEVICE)) {
            return List.of(sysfs.resolve("dev/block").resolve(mount.group(1)));
        }
        List<Path> devices = new ArrayList<>();
        if (mount.group(4).startsWith(DEV)) {
            devices.add(sysfs.resolve("class/block").resolve(mount.group(4).substring(DEV.length())));
        }
        if (mount.group(3).equals("zfs")) {
            // Which of them a pool is made of is not told: all that look like one's count.
            Path all = sysfs.resolve("class/block");
            for (String part : Sysfs.names(all)) {
                if (Sysfs.text(all.resolve(part).resolve("uevent"))
                        .filter(text -> text.contains(ZFS_PARTITION))
                        .isPresent()) {
                    devices.add(all.resolve(part));
                }
            }
        }
        if (mount.group(3).equals("btrfs")) {
            // Which of them is mounted here is not told: all that are in use anywhere count.
            Path all = sysfs.resolve("fs/btrfs");
            for (String fileSystem : Sysfs.names(all)) {
                Path parts = all.resolve(fileSystem).resolve("devices");
                Sysfs.names(parts).forEach(part -> devices.add(parts.resolve(part)));
            }
        }
        return devices;
    }

    private void mounted(Path link, String what, Set<Path> seen) {
        Optional<Path> real = Sysfs.real(link);
        if (real.isEmpty() || !seen.add(real.get())) {
            return;
        }
        add(link, what);
        for (String part : Sysfs.names(real.get().resolve("slaves"))) {
            mounted(real.get().resolve("slaves").resolve(part), what, seen);
        }
    }

    /** To the device that is nearest: those above it on the way are bridges. Of several controllers that lead to it, to each. */
    private void add(Path link, String what) {
        Sysfs.real(link).ifPresent(real -> {
            subsystem(real).ifPresent(subsystem -> Sysfs.names(subsystem)
                    .stream()
                    .filter(name -> NVME_CONTROLLER.matcher(name).matches())
                    .forEach(controller -> add(subsystem.resolve(controller), what)));
            String nearest = "";
            for (Path part : real) {
                nearest = ADDRESS.matcher(part.toString()).matches() ? part.toString() : nearest;
            }
            if (!nearest.isEmpty()) {
                List<String> known = uses.computeIfAbsent(nearest, _ -> new ArrayList<>());
                if (!known.contains(what)) {
                    known.add(what);
                }
            }
        });
    }

    private static Optional<Path> subsystem(Path device) {
        for (Path above = device; above != null; above = above.getParent()) {
            if (NVME_SUBSYSTEM.matcher(String.valueOf(above.getFileName())).matches()) {
                return Optional.of(above);
            }
        }
        return Optional.empty();
    }
}
