package dev.provision.hypervisor.host.accelerator;

/** What the user asked for: the best one that works, or one in particular. */
public enum AcceleratorRequest {
    AUTO, KVM, HVF, TCG
}
