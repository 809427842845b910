package dev.provision.hypervisor.host.accelerator;

import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Supplier;

import dev.provision.hypervisor.host.accelerator.AcceleratorDecision.Chosen;
import dev.provision.hypervisor.host.accelerator.AcceleratorDecision.Refused;
import dev.provision.hypervisor.host.hvf.HvfCheck;
import dev.provision.hypervisor.host.hvf.HvfVerdict;
import dev.provision.hypervisor.host.kvm.CachedKvmVerdict;
import dev.provision.hypervisor.host.kvm.KvmLimits;
import dev.provision.hypervisor.host.kvm.KvmSelfTest;
import dev.provision.hypervisor.host.kvm.KvmVerdict;
import dev.provision.planner.host.Accelerator;
import dev.provision.planner.host.AcceleratorChoice;

/**
 * Chooses the accelerator: what was asked for if it works; for {@code auto} KVM, else HVF, else software emulation.
 * Looks no further than the request needs: {@code tcg} asks nobody.
 */
public final class AcceleratorProbe {

    private static final String TCG_AUTO = ": software emulation is used instead";

    private final Supplier<KvmVerdict> kvm;
    private final Supplier<HvfVerdict> hvf;

    /**
     * Asks these two, and only when the request needs them.
     *
     * @param kvm usually {@code new KvmSelfTest()::run} or a {@link CachedKvmVerdict}
     */
    public AcceleratorProbe(Supplier<KvmVerdict> kvm, Supplier<HvfVerdict> hvf) {
        this.kvm = kvm;
        this.hvf = hvf;
    }

    /** Tests this host anew. */
    public static AcceleratorProbe ofThisHost() {
        return new AcceleratorProbe(new KvmSelfTest()::run, new HvfCheck()::run);
    }

    /**
     * Reuses the self-test's verdict of an earlier command on this boot.
     *
     * @param cache file to keep it in; one that cannot be read or written only costs the test's time
     */
    public static AcceleratorProbe cachedIn(Path cache) {
        return new AcceleratorProbe(CachedKvmVerdict.ofThisHost(cache), new HvfCheck()::run);
    }

    /** As {@link #cachedIn}, but never writes the cache. */
    public static AcceleratorProbe readOnly(Path cache) {
        return new AcceleratorProbe(CachedKvmVerdict.readOnly(cache), new HvfCheck()::run);
    }

    /** Answers the request for this host. */
    public AcceleratorDecision decide(AcceleratorRequest request) {
        return switch (request) {
            case AUTO -> automatic();
            case KVM -> kvm(kvm.get());
            case HVF -> hvf(hvf.get());
            case TCG -> tcg("asked for", List.of());
        };
    }

    /** Linux has KVM or nothing, macOS has HVF or nothing; the refusal of the other one would explain nothing. */
    private AcceleratorDecision automatic() {
        var byKvm = kvm.get();
        if (byKvm instanceof KvmVerdict.Unusable unusable && unusable.cause() == KvmVerdict.Cause.NOT_LINUX) {
            return fallback(hvf(hvf.get()));
        }
        return fallback(kvm(byKvm));
    }

    private static AcceleratorDecision fallback(AcceleratorDecision hardware) {
        return switch (hardware) {
            case Chosen chosen -> chosen;
            case Refused refused -> tcg(refused.reason() + TCG_AUTO, refused.details());
        };
    }

    private static AcceleratorDecision kvm(KvmVerdict verdict) {
        return switch (verdict) {
            case KvmVerdict.Usable usable -> kvm("/dev/kvm runs guest kernel code at the CPU's speed", usable.limits(),
                    "self-test loop: " + usable.loop().toNanos() / 1000 + " µs");
            case KvmVerdict.Untested untested -> kvm(untested.reason(), untested.limits(), "self-test: not run");
            case KvmVerdict.Unusable unusable -> new Refused(Accelerator.KVM, unusable.reason(), unusable.remedy(),
                    List.of("kvm: " + unusable.reason(), unusable.remedy()));
        };
    }

    private static AcceleratorDecision kvm(String reason, KvmLimits limits, String measured) {
        var vcpus = "vCPUs per machine: at most " + limits.maxVcpus() + ", recommended " + limits.recommendedVcpus();
        return new Chosen(new AcceleratorChoice(Accelerator.KVM, reason), OptionalInt.of(limits.maxVcpus()),
                limits.addressBits(), List.of("kvm: " + reason, measured, vcpus));
    }

    private static AcceleratorDecision hvf(HvfVerdict verdict) {
        return switch (verdict) {
            case HvfVerdict.Usable usable -> new Chosen(
                    new AcceleratorChoice(Accelerator.HVF, "Hypervisor.framework is available (kern.hv_support is 1)"),
                    usable.maxVcpus(), usable.addressBits(), List.of("hvf: kern.hv_support is 1"));
            case HvfVerdict.Unusable unusable -> new Refused(Accelerator.HVF, unusable.reason(), unusable.remedy(),
                    List.of("hvf: " + unusable.reason(), unusable.remedy()));
        };
    }

    private static AcceleratorDecision tcg(String reason, List<String> details) {
        return new Chosen(new AcceleratorChoice(Accelerator.TCG, reason), OptionalInt.empty(), OptionalInt.empty(),
                details);
    }
}
