package dev.provision.hypervisor.host.kvm;

import java.time.Duration;

/** Can this host's KVM run a guest kernel? */
public sealed interface KvmVerdict {

    /** Guest kernel code ran, gave the right answer, and at a CPU's speed. {@code loop} is the measured time. */
    record Usable(Duration loop, KvmLimits limits) implements KvmVerdict {}

    /** KVM opens and answers, but no guest code was run; {@code reason} says why. */
    record Untested(String reason, KvmLimits limits) implements KvmVerdict {}

    /**
     * KVM cannot be used.
     *
     * @param reason what was found, as one clause without a final stop
     * @param remedy what to try, as a sentence
     */
    record Unusable(Cause cause, String reason, String remedy) implements KvmVerdict {}

    /** Why KVM is unusable. */
    enum Cause {
        NOT_LINUX, MISSING, NO_PERMISSION, BUSY, API_VERSION, CALL_FAILED, CANNOT_EXECUTE, WRONG_RESULT, TOO_SLOW,
        TIMED_OUT;

        /** True if the cause is a property of the running kernel: it does not change before the next boot. */
        boolean lastsUntilReboot() {
            return switch (this) {
                case API_VERSION, CANNOT_EXECUTE, TOO_SLOW -> true;
                case NOT_LINUX, MISSING, NO_PERMISSION, BUSY, CALL_FAILED, WRONG_RESULT, TIMED_OUT -> false;
            };
        }
    }
}
