package dev.provision.hypervisor.host.pci;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A tree of sysfs as the kernel makes it: devices below {@code devices}, links to them everywhere else. */
final class FakeSysfs {

    private final Path root;

    FakeSysfs(Path root) {
        this.root = root;
    }

    Path root() {
        return root;
    }

    /** A device below a bridge, or below the root when that is empty. */
    Path device(String bridge, String address, String vendor, String device, String classCode) throws IOException {
        Path parent = root.resolve("devices/pci0000:00").resolve(bridge);
        Path directory = Files.createDirectories(parent.resolve(address));
        write(directory, "vendor", "0x" + vendor);
        write(directory, "device", "0x" + device);
        write(directory, "subsystem_vendor", "0x" + vendor);
        write(directory, "subsystem_device", "0x0001");
        write(directory, "class", "0x" + classCode);
        write(directory, "numa_node", "-1");
        link(root.resolve("bus/pci/devices").resolve(address), directory);
        return directory;
    }

    void write(Path directory, String name, String text) throws IOException {
        Path file = directory.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text + "\n");
    }

    void driver(Path device, String name) throws IOException {
        link(device.resolve("driver"), Files.createDirectories(root.resolve("bus/pci/drivers").resolve(name)));
    }

    void group(int number, Path... devices) throws IOException {
        Path group = Files.createDirectories(root.resolve("kernel/iommu_groups/" + number));
        for (Path device : List.of(devices)) {
            link(device.resolve("iommu_group"), group);
            link(group.resolve("devices").resolve(device.getFileName().toString()), device);
        }
    }

    void mediated(Path parent, String uuid, String type, String name) throws IOException {
        Path kind = Files.createDirectories(parent.resolve("mdev_supported_types").resolve(type));
        write(kind, "name", name);
        write(kind, "available_instances", "0");
        Path device = Files.createDirectories(parent.resolve(uuid));
        link(device.resolve("mdev_type"), kind);
        link(root.resolve("bus/mdev/devices").resolve(uuid), device);
    }

    /** Relative, as the kernel's are. */
    void link(Path link, Path target) throws IOException {
        Path directory = Files.createDirectories(link.resolveSibling("")).toRealPath();
        Files.deleteIfExists(link);
        Files.createSymbolicLink(link, directory.relativize(target.toRealPath()));
    }
}
