package dev.provision.hypervisor.store;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

import dev.provision.hypervisor.host.process.ProcessIdentity;
import dev.provision.planner.observed.Booted;

/**
 * The VMM a machine was last started with.
 *
 * @param process
 *            absent from just before the VMM is spawned until its pid is known: who finds a record without it looks for
 *            the process by its argv
 * @param imageName
 *            the image's name at that time; its digest is in {@code booted}
 * @param startedAt
 *            when the start began, by the host's clock
 * @param groups
 *            directories of the control groups that it was put into; none where it is in no group of its own
 * @param seenReady
 *            somebody has waited until the machine was ready, and it was
 * @param exceeded
 *            the deadline of its job, which its guest did not keep, so that the host has ended the VMM or is about to
 */
public record VmmRecord(Optional<ProcessIdentity> process, Booted booted, String imageName, Instant startedAt,
        List<Path> groups, boolean seenReady, Optional<Duration> exceeded) {

    public VmmRecord {
        groups = List.copyOf(groups);
    }

    /** One whose guest has kept its deadlines so far. */
    public VmmRecord(Optional<ProcessIdentity> process, Booted booted, String imageName, Instant startedAt,
            List<Path> groups, boolean seenReady) {
        this(process, booted, imageName, startedAt, groups, seenReady, Optional.empty());
    }

    /** One that is about to be spawned. */
    public static VmmRecord starting(Booted booted, String imageName, Instant now, List<Path> groups) {
        return new VmmRecord(Optional.empty(), booted, imageName, now, groups, false);
    }

    /** The same VMM, its process known. */
    public VmmRecord withProcess(ProcessIdentity identity) {
        return new VmmRecord(Optional.of(identity), booted, imageName, startedAt, groups, seenReady, exceeded);
    }

    /** The same VMM, in these control groups. */
    public VmmRecord in(List<Path> others) {
        return new VmmRecord(process, booted, imageName, startedAt, others, seenReady, exceeded);
    }

    /** The same VMM, its machine ready. */
    public VmmRecord ready() {
        return new VmmRecord(process, booted, imageName, startedAt, groups, true, exceeded);
    }

    /** The same VMM, whose guest did not end its job at this deadline. */
    public VmmRecord exceeding(Duration deadline) {
        return new VmmRecord(process, booted, imageName, startedAt, groups, seenReady, Optional.of(deadline));
    }
}
