package dev.provision.hypervisor.qemu.commandline;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import dev.provision.planner.host.Need;

/**
 * The virtual hardware a machine boots on.
 */
public enum MachineType {
    /** x86-64: no PCI, no firmware, virtio over MMIO; boots an uncompressed kernel through PVH. */
    MICROVM("microvm", "qemu-system-x86_64", "device", "ttyS0"),
    /** x86-64: PCI, ACPI, hot-plug of vCPUs and memory; boots the same kernel in the same way, through SeaBIOS. */
    Q35("q35", "qemu-system-x86_64", "pci", "ttyS0"),
    /**
     * arm64, for Apple hosts under HVF. Its command line is tested against QEMU's documentation only; it has not been
     * run.
     */
    VIRT("virt", "qemu-system-aarch64", "pci", "ttyAMA0");

    private final String qemuName;
    private final String binary;
    private final String transport;
    private final String console;

    MachineType(String qemuName, String binary, String transport, String console) {
        this.qemuName = qemuName;
        this.binary = binary;
        this.transport = transport;
        this.console = console;
    }

    /** The machine type of a processor architecture, as {@code os.arch} names it. */
    public static MachineType ofArchitecture(String architecture) {
        return architecture.equals("aarch64") ? VIRT : MICROVM;
    }

    /** The machine type that QEMU names so. */
    public static MachineType named(String qemuName) {
        return Arrays.stream(values())
                .filter(type -> type.qemuName.equals(qemuName))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no machine type " + qemuName));
    }

    /** This one, where a machine needs nothing in particular, and those that the same host boots for who needs more. */
    public List<MachineType> choices() {
        return this == MICROVM ? List.of(MICROVM, Q35) : List.of(this);
    }

    /**
     * What it has beyond what every type has.
     *
     * @param onLinux
     *            QEMU has virtio-mem on Linux only (hw/virtio/Kconfig)
     */
    public Set<Need> meets(boolean onLinux) {
        Set<Need> meets = new HashSet<>(devised());
        if (!onLinux) {
            meets.remove(Need.PLUG_MEMORY);
        }
        return meets;
    }

    private Set<Need> devised() {
        return switch (this) {
            // hw/i386/microvm.c sets has_hotpluggable_cpus to false, and there is no bus for devices that come later.
            case MICROVM -> Set.of();
            case Q35 -> Set.of(Need.PLUG_VCPUS, Need.PLUG_MEMORY, Need.PCI);
            // hw/arm/virt.c has no hot-plug of CPUs under any accelerator.
            case VIRT -> Set.of(Need.PLUG_MEMORY, Need.PCI);
        };
    }

    /** An x86 guest keeps time by the processor's time stamp counter. */
    boolean hasTsc() {
        return this != VIRT;
    }

    /** What follows {@code -machine}. */
    public String qemuName() {
        return qemuName;
    }

    /** The program that emulates it. */
    public String binary() {
        return binary;
    }

    /** A virtio device's name on this machine's bus: {@code virtio-blk-device}, {@code virtio-blk-pci}. */
    String virtio(String device) {
        return "virtio-" + device + "-" + transport;
    }

    /** It has a bus that devices of the host can be put on. */
    public boolean hasPci() {
        return transport.equals("pci");
    }

    /** The device of a file system that another process serves. */
    String fileSystem() {
        return "vhost-user-fs-" + transport;
    }

    /** The kernel's name of the first serial port. */
    String console() {
        return console;
    }

    /** Settings of the machine itself, in QEMU's {@code key=value} form. */
    List<String> properties() {
        return switch (this) {
            // rtc=on: without it the guest waits 2 s for a clock. acpi stays on: the guest finds virtio in the DSDT.
            case MICROVM -> List.of("pit=off", "pic=off", "rtc=on", "x-option-roms=off");
            // What would be there although nobody has asked for it: -nodefaults takes away only what has a device of its
            // own. pic and pit stay: without them the kernel finds no timer.
            case Q35 -> List.of("sata=off", "smbus=off", "usb=off", "hpet=off", "vmport=off", "smm=off", "i8042=off");
            case VIRT -> List.of();
        };
    }

    /** The device that tells the VMM of a guest's panic. */
    String panicDevice() {
        return switch (this) {
            case MICROVM, Q35 -> "pvpanic";
            case VIRT -> "pvpanic-pci";
        };
    }
}
