package dev.provision.hypervisor.host.process;

/**
 * A process, once and for all: pids are reused, a pid with its start time is not.
 *
 * @param pid process id, above 0
 * @param startTime opaque; compare for equality only. On Linux boot id and start in clock ticks, so that it is unique
 *            over reboots too
 */
public record ProcessIdentity(long pid, String startTime) {

    /**
     * Checks the pid.
     *
     * @throws IllegalArgumentException if it is not above 0: to signal it would mean a group or everyone
     */
    public ProcessIdentity {
        if (pid <= 0) {
            throw new IllegalArgumentException("pid " + pid);
        }
    }
}
