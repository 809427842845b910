package dev.provision.hypervisor.qemu.commandline;

import java.util.List;

/**
 * The virtual hardware a machine boots on.
 */
public enum MachineType {
    /** x86-64: no PCI, no firmware, virtio over MMIO; boots an uncompressed kernel through PVH. */
    MICROVM("microvm", "qemu-system-x86_64", "device", "ttyS0"),
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
            case VIRT -> List.of();
        };
    }

    /** The device that tells the VMM of a guest's panic. */
    String panicDevice() {
        return switch (this) {
            case MICROVM -> "pvpanic";
            case VIRT -> "pvpanic-pci";
        };
    }
}
