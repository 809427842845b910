package dev.provision.hypervisor.host.hvf;

import java.util.OptionalInt;

/** Can this host run guests through Hypervisor.framework? */
public sealed interface HvfVerdict {

    /**
     * {@code kern.hv_support} is 1.
     *
     * @param maxVcpus vCPUs per machine; empty where the framework does not say
     * @param addressBits largest guest physical address width; empty before macOS 13 and on Intel
     */
    record Usable(OptionalInt maxVcpus, OptionalInt addressBits) implements HvfVerdict {}

    /** HVF cannot be used; {@code reason} is a clause, {@code remedy} a sentence. */
    record Unusable(String reason, String remedy) implements HvfVerdict {}
}
