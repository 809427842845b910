package dev.provision.hypervisor.host.pci;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

import dev.provision.planner.host.DeviceAddress;

/**
 * Takes devices from the host's drivers and gives them back, by the kernel's own way: {@code driver_override}, {@code unbind},
 * {@code drivers_probe} (Linux, Documentation/ABI/testing/sysfs-bus-pci). Only root may.
 */
public final class VfioBinding {

    /** Writes to an attribute of sysfs. */
    interface Attributes {
        void write(Path file, String text) throws IOException;
    }

    private final Path sysfs;
    private final Attributes attributes;

    /** Of this host. */
    public VfioBinding() {
        this(Path.of("/sys"), (file, text) -> Files.writeString(file, text, StandardOpenOption.WRITE));
    }

    VfioBinding(Path sysfs, Attributes attributes) {
        this.sysfs = sysfs;
        this.attributes = attributes;
    }

    /** Nothing has to be bound to hand it on: it is so already, or its own driver does it. */
    public boolean isReady(DeviceAddress device) {
        return device.isMediated() || driver(device).filter(PciDevice.VFIO::equals).isPresent()
                || Sysfs.text(directory(device).resolve("nvidia/current_vgpu_type"))
                        .filter(number -> number.matches("[1-9][0-9]*"))
                        .isPresent();
    }

    /** It is there. */
    public boolean exists(DeviceAddress device) {
        return Files.exists(directory(device));
    }

    /** What a program opens to have the device's group (Linux, Documentation/driver-api/vfio.rst). */
    public Optional<Path> node(DeviceAddress device) {
        return Sysfs.linked(directory(device).resolve("iommu_group"))
                .map(group -> sysfs.resolveSibling("dev/vfio").resolve(group))
                .filter(Files::exists);
    }

    /** The kernel has the driver that hands devices on. */
    public boolean canHandOn() {
        return Files.exists(sysfs.resolve("bus/pci/drivers").resolve(PciDevice.VFIO));
    }

    /** The driver that is bound to it. */
    public Optional<String> driver(DeviceAddress device) {
        return Sysfs.linked(directory(device).resolve("driver"));
    }

    /**
     * Takes the device from its driver and binds it to vfio-pci.
     *
     * @throws IOException
     *             when the kernel does not do it; the device is then as it was before
     */
    public void bind(DeviceAddress device) throws IOException {
        try {
            override(device, PciDevice.VFIO);
            rebind(device);
            if (driver(device).filter(PciDevice.VFIO::equals).isEmpty()) {
                throw new IOException("the kernel did not bind " + device + " to " + PciDevice.VFIO);
            }
        } catch (IOException | RuntimeException e) {
            try {
                release(device);
            } catch (IOException again) {
                e.addSuppressed(again);
            }
            throw e;
        }
    }

    /** Gives the device back to whatever driver of the host takes it. */
    public void release(DeviceAddress device) throws IOException {
        if (exists(device)) {
            override(device, "\n"); // the kernel's word for none
            rebind(device);
        }
    }

    private void override(DeviceAddress device, String driver) throws IOException {
        attributes.write(directory(device).resolve("driver_override"), driver);
    }

    private void rebind(DeviceAddress device) throws IOException {
        if (driver(device).isPresent()) {
            attributes.write(directory(device).resolve("driver/unbind"), device.text());
        }
        attributes.write(sysfs.resolve("bus/pci/drivers_probe"), device.text());
    }

    private Path directory(DeviceAddress device) {
        return sysfs.resolve(device.isMediated() ? "bus/mdev/devices" : "bus/pci/devices").resolve(device.text());
    }
}
