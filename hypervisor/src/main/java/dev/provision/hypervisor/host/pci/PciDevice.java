package dev.provision.hypervisor.host.pci;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A device of the PCI bus, as its directory in sysfs says (Linux, Documentation/ABI/testing/sysfs-bus-pci).
 *
 * @param address
 *            {@code 0000:3b:00.0}
 * @param id
 *            vendor and device, {@code 10de:20b0}
 * @param subsystem
 *            vendor and device of the card, {@code 10de:144e}
 * @param classCode
 *            24 bits: base class, subclass, interface (PCI Code and ID Assignment Specification)
 * @param driver
 *            the driver that is bound to it
 * @param group
 *            number of its IOMMU group; empty where there is no IOMMU that is on
 * @param node
 *            NUMA node
 * @param physicalFunction
 *            of a virtual function (SR-IOV), the device that it is a part of
 * @param virtualFunctions
 *            how many virtual functions of it are on, and how many there can be; 0 of a device without SR-IOV
 * @param bootDisplay
 *            firmware and console write to it ({@code boot_vga})
 * @param vgpu
 *            name of the NVIDIA vGPU type that this virtual function carries
 * @param uses
 *            what the host does with it now, one clause each: {@code its network interface eth0 is connected}
 */
public record PciDevice(String address, String id, String subsystem, int classCode, Optional<String> driver,
        OptionalInt group, OptionalInt node, Optional<String> physicalFunction, VirtualFunctions virtualFunctions,
        boolean bootDisplay, Optional<String> vgpu, List<String> uses) {

    /** What hands devices on to machines, and to nobody else. */
    public static final String VFIO = "vfio-pci";

    private static final int BRIDGE = 0x06;
    private static final int DISPLAY = 0x03;
    /** Processing accelerators, such as those of AI. */
    private static final int ACCELERATOR = 0x12;

    /** Virtual functions of a device. */
    public record VirtualFunctions(int on, int most) {
        static final VirtualFunctions NONE = new VirtualFunctions(0, 0);
    }

    public PciDevice {
        uses = List.copyOf(uses);
    }

    /** It connects other devices, and stays with the host when they go. */
    public boolean isBridge() {
        return classCode >> 16 == BRIDGE;
    }

    public boolean isGpu() {
        return classCode >> 16 == DISPLAY || (classCode >> 16 == ACCELERATOR && id.startsWith("10de:"));
    }

    /** A driver that does something for the host, not for machines. */
    public Optional<String> hostDriver() {
        return driver.filter(name -> !name.equals(VFIO));
    }
}
