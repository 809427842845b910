package dev.provision.hypervisor.host.kvm;

import java.time.Duration;

/** What the self-test saw, without judgement: the input of {@link KvmJudge}. */
sealed interface KvmObservation {

    /** This is not Linux, so there is no KVM to look for. */
    record OtherSystem(String operatingSystem) implements KvmObservation {}

    /** The device could not be opened; {@code group} owns it ("" where unknown). */
    record OpenRefused(String device, int errno, String group) implements KvmObservation {}

    /** JNA, through which KVM is asked, cannot be loaded. */
    record NoNativeCalls(String message) implements KvmObservation {}

    /** GET_API_VERSION returned something unexpected. */
    record OtherApiVersion(int version) implements KvmObservation {}

    /** A call on the way to the first guest instruction failed. */
    record CallRefused(String call, int errno) implements KvmObservation {}

    /** KVM opens, and this architecture has no guest program here. */
    record NoProgram(String architecture, KvmLimits limits) implements KvmObservation {}

    /** The guest left the program by another exit than the expected one; {@code detail} depends on the exit. */
    record Strayed(int exitReason, long detail, String instruction) implements KvmObservation {}

    /** The guest reached HLT. {@code loop} is the elapsed time of the timed loop. */
    record Finished(int value, Duration loop, KvmLimits limits) implements KvmObservation {}

    /** KVM_RUN did not return in time. */
    record Hung(Duration patience) implements KvmObservation {}
}
