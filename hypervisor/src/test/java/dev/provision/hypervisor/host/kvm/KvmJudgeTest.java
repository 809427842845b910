package dev.provision.hypervisor.host.kvm;

import java.time.Duration;
import java.util.OptionalInt;
import java.util.OptionalLong;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import dev.provision.hypervisor.host.kvm.KvmVerdict.Cause;
import dev.provision.hypervisor.host.kvm.KvmVerdict.Unusable;
import dev.provision.hypervisor.host.libc.Errno;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

class KvmJudgeTest {

    private static final KvmLimits LIMITS = new KvmLimits(8, 1024, OptionalLong.of(2_600_000), OptionalInt.empty());

    @Test
    void aFastRightAnswerIsUsable() {
        var loop = Duration.ofNanos(60_000);
        assertEquals(new KvmVerdict.Usable(loop, LIMITS),
                KvmJudge.judge(new KvmObservation.Finished(KvmTestProgram.FINISHED, loop, LIMITS)));
    }

    @Test
    void theLimitItselfIsUsable() {
        assertInstanceOf(KvmVerdict.Usable.class, KvmJudge
                .judge(new KvmObservation.Finished(KvmTestProgram.FINISHED, KvmJudge.LOOP_LIMIT, LIMITS)));
    }

    @Test
    void aSlowRightAnswerIsNotAndSaysHowSlow() {
        var verdict = refused(
                new KvmObservation.Finished(KvmTestProgram.FINISHED, Duration.ofMillis(140), LIMITS));
        assertEquals(Cause.TOO_SLOW, verdict.cause());
        assertEquals("/dev/kvm opens, but guest kernel code runs 1,400 times too slowly (20 ms limit, 140 ms measured)",
                verdict.reason());
        assertTrue(verdict.remedy().contains("pvm"), verdict.remedy());
    }

    @Test
    void aWrongAnswerIsNotHoweverFast() {
        assertEquals(Cause.WRONG_RESULT, refused(new KvmObservation.Finished(7, Duration.ZERO, LIMITS)).cause());
    }

    @ParameterizedTest
    @CsvSource({"17, CANNOT_EXECUTE, `xorps xmm0", "9, CANNOT_EXECUTE, hardware reason 0x1",
        "8, CANNOT_EXECUTE, triple fault", "4, CANNOT_EXECUTE, unexpected exit 4"})
    void strayingNamesTheExit(int exit, Cause cause, String words) {
        var verdict = refused(new KvmObservation.Strayed(exit, 1, "xorps xmm0, xmm0"));
        assertEquals(cause, verdict.cause());
        assertTrue(verdict.reason().contains(words), verdict.reason());
    }

    @ParameterizedTest
    @CsvSource({"2, kvm, MISSING, modprobe", "13, kvm, NO_PERMISSION, usermod -aG kvm",
        "13, root, NO_PERMISSION, chgrp",
        "1, virt, NO_PERMISSION, usermod -aG virt", "19, kvm, MISSING, modprobe", "16, kvm, BUSY, VirtualBox",
        "24, kvm, CALL_FAILED, tcg"})
    void openingSaysWhatToTry(int errno, String group, Cause cause, String words) {
        var verdict = refused(new KvmObservation.OpenRefused("/dev/kvm", errno, group));
        assertEquals(cause, verdict.cause());
        assertTrue(verdict.remedy().contains(words), verdict.remedy());
    }

    @Test
    void anotherHypervisorIsBusy() {
        assertEquals(Cause.BUSY, refused(new KvmObservation.CallRefused("KVM_CREATE_VM", Errno.EBUSY)).cause());
        assertEquals("/dev/kvm opens, but KVM_CREATE_VM failed: ENOMEM",
                refused(new KvmObservation.CallRefused("KVM_CREATE_VM", Errno.ENOMEM)).reason());
    }

    @Test
    void theRestHasACauseEach() {
        assertEquals(Cause.NOT_LINUX, refused(new KvmObservation.OtherSystem("Mac OS X")).cause());
        assertEquals(Cause.CALL_FAILED, refused(new KvmObservation.NoNativeCalls("noexec")).cause());
        assertEquals(Cause.API_VERSION, refused(new KvmObservation.OtherApiVersion(11)).cause());
        assertEquals(Cause.TIMED_OUT, refused(new KvmObservation.Hung(Duration.ofSeconds(1))).cause());
    }

    @Test
    void otherArchitecturesAreHonestlyUntested() {
        var verdict = KvmJudge.judge(new KvmObservation.NoProgram("aarch64", LIMITS));
        assertEquals(new KvmVerdict.Untested("/dev/kvm opens; guest code was not test-run on aarch64", LIMITS),
                verdict);
    }

    @Test
    void onlyDoubtfulTimesAreMeasuredAgain() {
        assertFalse(KvmJudge.worthRepeating(Duration.ofMillis(1)));
        assertTrue(KvmJudge.worthRepeating(Duration.ofMillis(30)));
        assertFalse(KvmJudge.worthRepeating(Duration.ofMillis(140)));
    }

    @Test
    void missingCapabilitiesHaveTheKernelsDefaults() {
        assertEquals(new KvmLimits(4, 4, OptionalLong.empty(), OptionalInt.empty()),
                KvmLimits.of(0, 0, OptionalLong.empty(), OptionalInt.empty()));
    }

    private static Unusable refused(KvmObservation observation) {
        return assertInstanceOf(Unusable.class, KvmJudge.judge(observation));
    }
}
