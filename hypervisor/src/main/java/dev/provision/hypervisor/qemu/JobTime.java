package dev.provision.hypervisor.qemu;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

import dev.provision.hypervisor.qemu.vm.GuestReport;
import dev.provision.hypervisor.store.MachineFiles;
import dev.provision.schema.fleet.MachineSpec;
import dev.provision.schema.units.Durations;

/**
 * When a job is over although its VMM runs on. The guest ends its command at the deadline, and switches its machine off after
 * it; a guest that is stopped, paused, has panicked or hangs does neither, and would keep its share of the pool for ever.
 *
 * @param left
 *            until the host ends the VMM; zero when it is time
 * @param deadline
 *            the one that the guest should have kept; absent when its command has ended
 * @param reason
 *            one clause for people, of a job whose time is over
 */
record JobTime(Duration left, Optional<Duration> deadline, String reason) {

    /** Of a command that was ended at its deadline, as timeout(1) and the guest have it. */
    static final int LATE = 124;

    /** What the guest gives its command to end when asked to ({@code KILL_AFTER} in its {@code supervise}). */
    private static final Duration KILL_AFTER = Duration.ofSeconds(10);

    /** A guest that keeps deadlines is on time but for what a busy host keeps it waiting. */
    private static final Duration SLACK = Duration.ofSeconds(10);

    /** As long as a person's stop waits: what its command has written may still be on its way to the disks. */
    private static final Duration POWER_OFF = Duration.ofSeconds(30);

    boolean isOver() {
        return left.isZero();
    }

    /**
     * What is left to the job of a VMM that runs; empty when it may run for ever.
     *
     * @param age
     *            how long the VMM runs
     * @param now
     *            by the clock that dates files
     */
    static Optional<JobTime> of(MachineSpec spec, MachineFiles files, Duration age, Instant now) throws IOException {
        if (!spec.isJob()) {
            return Optional.empty();
        }
        return of(spec, GuestReport.read(files.reportLog()), age, sinceReport(files, now));
    }

    private static Duration sinceReport(MachineFiles files, Instant now) throws IOException {
        try {
            return Duration.between(Files.getLastModifiedTime(files.reportLog()).toInstant(), now);
        } catch (NoSuchFileException e) {
            return Duration.ZERO;
        }
    }

    /**
     * The command's time counts from the guest's word that it was started, the last one of a job until it ends. A guest can
     * repeat itself, and the host's clock can be set: so no longer than from the time by which it had to be started.
     *
     * @param sinceReport
     *            how long ago the guest has written its last word, by a clock that may have been set since
     */
    static Optional<JobTime> of(MachineSpec spec, GuestReport report, Duration age, Duration sinceReport) {
        Duration quiet = between(Duration.ZERO, sinceReport, age);
        Optional<Integer> code = report.completion(spec);
        if (code.isPresent()) {
            return Optional.of(new JobTime(positive(POWER_OFF.minus(quiet)), Optional.empty(),
                    "its command has ended with exit code " + code.get()
                            + ", but its guest does not switch it off"));
        }
        return spec.workload().deadline().map(deadline -> {
            Duration allowed = deadline.plus(KILL_AFTER).plus(SLACK);
            Duration left = spec.ready().timeout().plus(allowed).minus(age);
            Duration byReport = allowed.minus(quiet);
            return new JobTime(positive(report.started() && byReport.compareTo(left) < 0 ? byReport : left),
                    Optional.of(deadline),
                    "its guest did not end its command at the deadline of " + Durations.format(deadline));
        });
    }

    private static Duration between(Duration least, Duration value, Duration most) {
        return value.compareTo(least) < 0 ? least : value.compareTo(most) > 0 ? most : value;
    }

    private static Duration positive(Duration duration) {
        return duration.isNegative() ? Duration.ZERO : duration;
    }
}
