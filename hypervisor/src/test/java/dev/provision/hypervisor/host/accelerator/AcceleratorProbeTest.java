package dev.provision.hypervisor.host.accelerator;

import java.time.Duration;
import java.util.OptionalInt;
import java.util.OptionalLong;

import org.junit.jupiter.api.Test;

import dev.provision.hypervisor.host.accelerator.AcceleratorDecision.Chosen;
import dev.provision.hypervisor.host.accelerator.AcceleratorDecision.Refused;
import dev.provision.hypervisor.host.hvf.HvfVerdict;
import dev.provision.hypervisor.host.kvm.KvmLimits;
import dev.provision.hypervisor.host.kvm.KvmVerdict;
import dev.provision.hypervisor.host.kvm.KvmVerdict.Cause;
import dev.provision.planner.host.Accelerator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

class AcceleratorProbeTest {

    private static final KvmLimits LIMITS = new KvmLimits(8, 1024, OptionalLong.empty(), OptionalInt.of(44));
    private static final KvmVerdict GOOD = new KvmVerdict.Usable(Duration.ofNanos(60_000), LIMITS);
    private static final KvmVerdict SLOW = new KvmVerdict.Unusable(Cause.TOO_SLOW, "too slow", "Use tcg.");
    private static final KvmVerdict NOT_LINUX = new KvmVerdict.Unusable(Cause.NOT_LINUX, "this is a Mac", "Use hvf.");
    private static final HvfVerdict MAC = new HvfVerdict.Usable(OptionalInt.of(64), OptionalInt.of(40));
    private static final HvfVerdict NO_HVF = new HvfVerdict.Unusable("no support", "Use tcg.");

    private static AcceleratorDecision decide(AcceleratorRequest request, KvmVerdict kvm, HvfVerdict hvf) {
        return new AcceleratorProbe(() -> kvm, () -> hvf).decide(request);
    }

    private static Chosen chosen(AcceleratorRequest request, KvmVerdict kvm, HvfVerdict hvf) {
        return assertInstanceOf(Chosen.class, decide(request, kvm, hvf));
    }

    @Test
    void autoTakesKvmThenHvfThenTcg() {
        assertEquals(Accelerator.KVM, chosen(AcceleratorRequest.AUTO, GOOD, NO_HVF).choice().accelerator());
        assertEquals(Accelerator.HVF, chosen(AcceleratorRequest.AUTO, NOT_LINUX, MAC).choice().accelerator());
        assertEquals(Accelerator.TCG, chosen(AcceleratorRequest.AUTO, NOT_LINUX, NO_HVF).choice().accelerator());
    }

    @Test
    void autoSaysWhyItFallsBack() {
        assertEquals("too slow: software emulation is used instead",
                chosen(AcceleratorRequest.AUTO, SLOW, NO_HVF).choice().reason());
    }

    @Test
    void untestedKvmIsTaken() {
        var untested = new KvmVerdict.Untested("not tested", LIMITS);
        assertEquals(Accelerator.KVM, chosen(AcceleratorRequest.AUTO, untested, NO_HVF).choice().accelerator());
    }

    @Test
    void anExplicitOneIsHonouredOrRefused() {
        assertEquals(OptionalInt.of(1024), chosen(AcceleratorRequest.KVM, GOOD, NO_HVF).maxVcpus());
        var refused = assertInstanceOf(Refused.class, decide(AcceleratorRequest.KVM, SLOW, MAC));
        assertEquals("too slow", refused.reason());
        assertEquals(Accelerator.HVF,
                assertInstanceOf(Refused.class, decide(AcceleratorRequest.HVF, GOOD, NO_HVF)).requested());
    }

    @Test
    void tcgAsksNobody() {
        var probe = new AcceleratorProbe(() -> {
            throw new AssertionError("asked KVM");
        }, () -> {
            throw new AssertionError("asked HVF");
        });
        var chosen = assertInstanceOf(Chosen.class, probe.decide(AcceleratorRequest.TCG));
        assertEquals(Accelerator.TCG, chosen.choice().accelerator());
    }
}
