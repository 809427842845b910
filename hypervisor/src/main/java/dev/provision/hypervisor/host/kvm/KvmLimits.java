package dev.provision.hypervisor.host.kvm;

import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * What KVM says of itself.
 *
 * @param recommendedVcpus KVM_CAP_NR_VCPUS: vCPUs per machine that the kernel recommends not to exceed
 * @param maxVcpus KVM_CAP_MAX_VCPUS: vCPUs per machine above which creation fails
 * @param tscKhz guest TSC frequency in kHz (KVM_GET_TSC_KHZ on a vCPU); empty where the kernel does not say
 * @param addressBits guest physical address bits (KVM_CAP_ARM_VM_IPA_SIZE, arm64 only)
 */
public record KvmLimits(int recommendedVcpus, int maxVcpus, OptionalLong tscKhz, OptionalInt addressBits) {

    /** Applies the fallbacks of api.rst: no NR_VCPUS means 4, no MAX_VCPUS means the recommended number. */
    static KvmLimits of(int nrVcpus, int maxVcpus, OptionalLong tscKhz, OptionalInt addressBits) {
        var recommended = nrVcpus > 0 ? nrVcpus : 4;
        return new KvmLimits(recommended, maxVcpus > 0 ? maxVcpus : recommended, tscKhz, addressBits);
    }

    KvmLimits withTscKhz(OptionalLong khz) {
        return new KvmLimits(recommendedVcpus, maxVcpus, khz, addressBits);
    }
}
