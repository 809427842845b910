package dev.provision.hypervisor.host.kvm;

import java.time.Duration;
import java.util.Locale;

import dev.provision.hypervisor.host.kvm.KvmObservation.CallRefused;
import dev.provision.hypervisor.host.kvm.KvmObservation.Finished;
import dev.provision.hypervisor.host.kvm.KvmObservation.Hung;
import dev.provision.hypervisor.host.kvm.KvmObservation.NoNativeCalls;
import dev.provision.hypervisor.host.kvm.KvmObservation.NoProgram;
import dev.provision.hypervisor.host.kvm.KvmObservation.OpenRefused;
import dev.provision.hypervisor.host.kvm.KvmObservation.OtherApiVersion;
import dev.provision.hypervisor.host.kvm.KvmObservation.OtherSystem;
import dev.provision.hypervisor.host.kvm.KvmObservation.Strayed;
import dev.provision.hypervisor.host.kvm.KvmVerdict.Cause;
import dev.provision.hypervisor.host.kvm.KvmVerdict.Untested;
import dev.provision.hypervisor.host.kvm.KvmVerdict.Unusable;
import dev.provision.hypervisor.host.kvm.KvmVerdict.Usable;
import dev.provision.hypervisor.host.libc.Errno;

/** Decides what an observation means. Pure: no device, no clock. */
final class KvmJudge {

    /**
     * Above this the loop was not run by a CPU. A CPU needs less than 0.1 ms by its clock rate; an interpreting KVM was
     * measured at 106–140 ms, and kvm_amd on a CPU that QEMU emulates, about the slowest thing still of use, at 1–2 ms.
     */
    static final Duration LOOP_LIMIT = Duration.ofMillis(20);

    /** What the loop takes at most on a CPU that runs it itself; the base of "times too slow". */
    private static final Duration LOOP_NATIVE = Duration.ofNanos(100_000);

    private static final String SOFTWARE = "Use software emulation (tcg) here, or a host with hardware virtualisation.";
    private static final String INTERPRETS = "KVM interprets guest kernel code here (nested virtualisation without"
            + " hardware support, such as pvm). " + SOFTWARE;

    private KvmJudge() {}

    /** True if a loop this slow could be the noise of a busy host, so that measuring again is worth its time. */
    static boolean worthRepeating(Duration loop) {
        return loop.compareTo(LOOP_LIMIT) > 0 && loop.compareTo(LOOP_LIMIT.multipliedBy(5)) <= 0;
    }

    static KvmVerdict judge(KvmObservation observation) {
        return switch (observation) {
            case OtherSystem other -> unusable(Cause.NOT_LINUX,
                    "KVM is part of Linux, and this is " + other.operatingSystem(), "Use hvf or tcg.");
            case NoNativeCalls no -> unusable(Cause.CALL_FAILED,
                    "KVM could not be tested: JNA does not load (" + no.message() + ")",
                    "Let -Djna.tmpdir name a directory that programs may be loaded from (not mounted noexec).");
            case OpenRefused refused -> opening(refused);
            case OtherApiVersion other -> unusable(Cause.API_VERSION,
                    "/dev/kvm speaks API version " + other.version() + " instead of " + KvmApi.VERSION,
                    "Boot a released Linux kernel (2.6.22 or later).");
            case CallRefused refused -> calling(refused);
            case NoProgram no ->
                new Untested("/dev/kvm opens; guest code was not test-run on " + no.architecture(), no.limits());
            case Strayed strayed -> straying(strayed);
            case Finished finished -> finishing(finished);
            case Hung hung -> unusable(Cause.TIMED_OUT,
                    "the test guest did not return within " + hung.patience().toMillis() + " ms", INTERPRETS);
        };
    }

    private static KvmVerdict opening(OpenRefused refused) {
        var device = refused.device();
        return switch (refused.errno()) {
            case Errno.ENOENT -> unusable(Cause.MISSING, device + " does not exist",
                    "Enable virtualisation (VT-x, AMD-V) in the firmware and load the module: `sudo modprobe kvm_intel`"
                            + " or `sudo modprobe kvm_amd`. In a container pass --device /dev/kvm; in a cloud VM choose"
                            + " a type with nested virtualisation.");
            case Errno.EACCES, Errno.EPERM -> unusable(Cause.NO_PERMISSION,
                    device + " may not be opened by this user (" + Errno.name(refused.errno()) + ")",
                    permission(refused));
            case Errno.ENODEV, Errno.ENXIO -> unusable(Cause.MISSING, device + " exists but no driver answers",
                    "Load the module: `sudo modprobe kvm_intel` or `sudo modprobe kvm_amd`.");
            case Errno.EBUSY -> busy(device + " is busy");
            default -> unusable(Cause.CALL_FAILED, "opening " + device + " failed: " + Errno.name(refused.errno()),
                    SOFTWARE);
        };
    }

    private static String permission(OpenRefused refused) {
        var group = refused.group();
        if (group.isEmpty() || group.equals("root")) {
            return "Give the device to a group (`sudo chgrp kvm /dev/kvm && sudo chmod 660 /dev/kvm`) and join it:"
                    + " `sudo usermod -aG kvm \"$USER\"`, then log in again.";
        }
        return "Join the group `" + group + "`: `sudo usermod -aG " + group + " \"$USER\"`, then log in again.";
    }

    private static KvmVerdict calling(CallRefused refused) {
        if (refused.errno() == Errno.EBUSY) {
            return busy(refused.call() + " says that the CPU's virtualisation is in use");
        }
        return unusable(Cause.CALL_FAILED,
                "/dev/kvm opens, but " + refused.call() + " failed: " + Errno.name(refused.errno()), SOFTWARE);
    }

    private static KvmVerdict busy(String reason) {
        return unusable(Cause.BUSY, reason,
                "Stop the other hypervisor (such as VirtualBox or VMware) and try again, or use tcg.");
    }

    private static KvmVerdict straying(Strayed strayed) {
        var instruction = "`" + strayed.instruction() + "`";
        return switch (strayed.exitReason()) {
            case KvmApi.EXIT_INTERNAL_ERROR -> unusable(Cause.CANNOT_EXECUTE,
                    "/dev/kvm opens, but it cannot execute " + instruction
                            + " in a guest kernel (internal error, suberror "
                            + strayed.detail() + ")",
                    INTERPRETS);
            case KvmApi.EXIT_FAIL_ENTRY -> unusable(Cause.CANNOT_EXECUTE,
                    "/dev/kvm opens, but the CPU refuses to enter a guest (hardware reason 0x"
                            + Long.toHexString(strayed.detail()) + ")",
                    SOFTWARE);
            case KvmApi.EXIT_SHUTDOWN -> unusable(Cause.CANNOT_EXECUTE,
                    "/dev/kvm opens, but the test guest died of a triple fault at " + instruction, SOFTWARE);
            default -> unusable(Cause.CANNOT_EXECUTE, "/dev/kvm opens, but the test guest stopped at " + instruction
                    + " with unexpected exit " + strayed.exitReason(), SOFTWARE);
        };
    }

    private static KvmVerdict finishing(Finished finished) {
        if (finished.value() != KvmTestProgram.FINISHED) {
            return unusable(Cause.WRONG_RESULT, "/dev/kvm opens, but the test guest computed 0x%08x instead of 0x%08x"
                    .formatted(finished.value(), KvmTestProgram.FINISHED), SOFTWARE);
        }
        if (finished.loop().compareTo(LOOP_LIMIT) > 0) {
            return unusable(Cause.TOO_SLOW, tooSlow(finished.loop()), INTERPRETS);
        }
        return new Usable(finished.loop(), finished.limits());
    }

    private static String tooSlow(Duration loop) {
        return String.format(Locale.ROOT,
                "/dev/kvm opens, but guest kernel code runs %,d times too slowly (%d ms limit, %d ms measured)",
                loop.dividedBy(LOOP_NATIVE), LOOP_LIMIT.toMillis(), loop.toMillis());
    }

    private static Unusable unusable(Cause cause, String reason, String remedy) {
        return new Unusable(cause, reason, remedy);
    }
}
