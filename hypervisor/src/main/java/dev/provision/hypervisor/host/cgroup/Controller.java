package dev.provision.hypervisor.host.cgroup;

/** What the kernel limits groups of processes by, as far as machines need it. */
public enum Controller {
    CPU("cpu"), MEMORY("memory");

    private final String kernelName;

    Controller(String kernelName) {
        this.kernelName = kernelName;
    }

    /** {@code cpu}, {@code memory}: its name in {@code cgroup.controllers} and in mount options of version 1. */
    public String kernelName() {
        return kernelName;
    }
}
