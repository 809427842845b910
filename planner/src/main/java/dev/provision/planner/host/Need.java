package dev.provision.planner.host;

/** What a machine asks of the virtual hardware it boots on, beyond what every machine type gives. */
public enum Need {
    /** {@code cpus.hotplug}: vCPUs that are not there at boot and come while it runs. */
    PLUG_VCPUS,
    /** {@code memory.hotplug}, or a {@code memory.max} that a balloon is no good for. */
    PLUG_MEMORY,
    /** A bus that devices of the host can be passed through on. */
    PCI
}
