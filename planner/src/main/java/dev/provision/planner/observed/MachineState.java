package dev.provision.planner.observed;

import java.time.Duration;
import java.util.Optional;

import dev.provision.schema.units.ByteSize;

/** What a machine of the store is doing, as far as this host can tell. */
public sealed interface MachineState {

    /**
     * Its VMM runs and answers.
     *
     * @param ready
     *            since it booted, the guest has reported ready and its probe, when it has one, was seen to succeed
     * @param memory
     *            what the balloon leaves to the guest, when the VMM told
     * @param vcpus
     *            vCPUs on line in the guest, when its agent told
     * @param attempts
     *            how its command fares
     */
    record Running(long pid, boolean ready, Optional<ByteSize> memory, Optional<Integer> vcpus, Attempts attempts)
            implements
                MachineState {

        /** One whose command was started at most once. */
        public Running(long pid, boolean ready, Optional<ByteSize> memory, Optional<Integer> vcpus) {
            this(pid, ready, memory, vcpus, new Attempts(0, Optional.empty()));
        }
    }

    /**
     * How often a machine's command was started since it booted.
     *
     * @param lastExit
     *            exit code of the last attempt that has ended
     */
    record Attempts(int count, Optional<Integer> lastExit) {}

    /**
     * Its VMM runs but does not answer, or its guest does not do what it should.
     *
     * @param jobIsOver
     *            its job has ended, or has had its time: once its VMM is ended too, it has {@link Completed}
     */
    record Unresponsive(long pid, String reason, boolean jobIsOver) implements MachineState {

        /** One that does not answer. */
        public Unresponsive(long pid, String reason) {
            this(pid, reason, false);
        }
    }

    /** Its VMM runs and answers, but has the guest wait: it goes on where it was once the cause is gone. */
    record Paused(long pid, String reason) implements MachineState {}

    /**
     * A batch job that ended.
     *
     * @param exceeded
     *            the deadline that it was ended at; absent when it ended by itself
     * @param byHost
     *            its guest did not end it then, so its VMM was ended
     */
    record Completed(int exitCode, Optional<Duration> exceeded, boolean byHost) implements MachineState {

        /** One that its guest ended, or that ended by itself. */
        public Completed(int exitCode, Optional<Duration> exceeded) {
            this(exitCode, exceeded, false);
        }

        /** One that ended by itself. */
        public Completed(int exitCode) {
            this(exitCode, Optional.empty());
        }

        public boolean isFailure() {
            return exitCode != 0 || exceeded.isPresent();
        }
    }

    /** Stopped by a person or by a plan. */
    record Stopped() implements MachineState {}

    /** Its record says that it runs, but its VMM is gone. */
    record Dead(String reason) implements MachineState {}

    /** Created, never started; or its creation was cut short. */
    record Created() implements MachineState {}

    /** Its record cannot be read, or is gone although it has run. */
    record Broken(String reason) implements MachineState {}

    /** A VMM of ours without a record. */
    record Orphan(long pid) implements MachineState {}
}
