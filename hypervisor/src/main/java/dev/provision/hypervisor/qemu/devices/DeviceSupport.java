package dev.provision.hypervisor.qemu.devices;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

import dev.provision.hypervisor.host.pci.DeviceInventories;
import dev.provision.planner.host.DriverCapabilities.Attachment;
import dev.provision.planner.host.DriverCapabilities.Lack;

/**
 * What this host lacks to give machines GPUs and other devices. Looked at for every command, so by a few files only; what devices
 * there are is read when a machine asks for one.
 */
public final class DeviceSupport {

    /** QEMU's emulated GPU, where distributions have its parts as modules; others have it built in. */
    private static final String GPU_MODULE = "hw-display-virtio-gpu.so";

    /** It on a PCI bus, beside the one above. */
    private static final String PCI_GPU_MODULE = "hw-display-virtio-gpu-pci.so";
    private static final List<String> MODULES = List.of("usr/lib/x86_64-linux-gnu/qemu",
            "usr/lib/aarch64-linux-gnu/qemu", "usr/lib64/qemu", "usr/lib/qemu");

    private final Path root;

    /** This host. */
    public DeviceSupport() {
        this(Path.of("/"));
    }

    /** A host whose files are below {@code root}. */
    DeviceSupport(Path root) {
        this.root = root;
    }

    /**
     * What is lacking, by what it is needed for.
     *
     * @param hasPci
     *            machines have a bus that devices can be put on
     */
    public Map<Attachment, Lack> lacking(boolean hasPci) {
        Map<Attachment, Lack> lacking = new EnumMap<>(Attachment.class);
        emulatedGpu(hasPci).ifPresent(lack -> lacking.put(Attachment.EMULATED_GPU, lack));
        Optional<Lack> devices = passthrough().or(() -> bus(hasPci));
        devices.ifPresent(lack -> lacking.put(Attachment.DEVICES, lack));
        noGpu().or(() -> devices).ifPresent(lack -> lacking.put(Attachment.GPU, lack));
        return lacking;
    }

    private Optional<Lack> emulatedGpu(boolean hasPci) {
        List<Path> folders = MODULES.stream().map(root::resolve).filter(DeviceSupport::hasModules).toList();
        return (hasPci ? Stream.of(GPU_MODULE, PCI_GPU_MODULE) : Stream.of(GPU_MODULE))
                .filter(module -> !folders.isEmpty()
                        && folders.stream().noneMatch(folder -> Files.exists(folder.resolve(module))))
                .findFirst()
                .map(module -> new Lack("QEMU's module " + module + ", which emulates it, is not installed",
                        "install it: on Debian it is in qemu-system-common, or in qemu-system-modules-opengl"));
    }

    private static boolean hasModules(Path folder) {
        try (DirectoryStream<Path> modules = Files.newDirectoryStream(folder, "*.so")) {
            return modules.iterator().hasNext();
        } catch (IOException | DirectoryIteratorException e) {
            return false;
        }
    }

    /** Of a class that displays or accelerates: 03 and 12 (PCI Code and ID Assignment Specification). */
    private Optional<Lack> noGpu() {
        try (DirectoryStream<Path> devices = Files.newDirectoryStream(root.resolve("sys/bus/pci/devices"))) {
            for (Path device : devices) {
                if (text(device.resolve("class")).matches("(?s)0x(03|12).*")) {
                    return Optional.empty();
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            // No such bus: no such device.
        }
        return Optional.of(new Lack("this host has no GPU",
                "run the machine on a host that has one, or write `gpu: true` for an emulated one"));
    }

    private Optional<Lack> passthrough() {
        if (text(root.resolve("proc/self/status")).isEmpty()) {
            return Optional.of(new Lack("devices are handed on by VFIO, which is a part of Linux",
                    "run such machines on a Linux host"));
        }
        boolean hasIommu = hasEntries("sys/kernel/iommu_groups");
        if (!hasIommu && !hasEntries("sys/bus/mdev/devices")) {
            return Optional.of(DeviceInventories.NO_IOMMU);
        }
        boolean isRoot = text(root.resolve("proc/self/status")).matches("(?s).*\nUid:\\s+[0-9]+\\s+0\\s.*");
        return isRoot ? Optional.empty()
                : Optional.of(new Lack("only root can take devices from the host", "run provision as root"));
    }

    private static Optional<Lack> bus(boolean hasPci) {
        return hasPci ? Optional.empty()
                : Optional.of(new Lack("machines of the type microvm have no PCI bus",
                        "remove it for now"));
    }

    private boolean hasEntries(String directory) {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(root.resolve(directory))) {
            return entries.iterator().hasNext();
        } catch (IOException | DirectoryIteratorException e) {
            return false;
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (IOException absent) {
            return "";
        }
    }
}
