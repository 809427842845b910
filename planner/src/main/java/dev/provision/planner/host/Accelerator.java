package dev.provision.planner.host;

/** What runs guest code. */
public enum Accelerator {
    /** Linux Kernel-based Virtual Machine. */
    KVM,
    /** Apple Hypervisor.framework. */
    HVF,
    /** QEMU's software emulation: works everywhere, is slow, and is no security boundary. */
    TCG;

    /** The name QEMU gives it. */
    public String qemuName() {
        return switch (this) {
            case KVM -> "kvm";
            case HVF -> "hvf";
            case TCG -> "tcg";
        };
    }
}
