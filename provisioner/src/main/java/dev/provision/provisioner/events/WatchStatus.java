package dev.provision.provisioner.events;

import java.time.Instant;
import java.util.List;

/**
 * Who watches a fleet now, and how it is.
 *
 * @param pid
 *            of the command that does
 * @param command
 *            as a person typed it
 * @param since
 *            when it began
 * @param stateSince
 *            when the fleet came to that state
 * @param reasons
 *            what is not as the manifest wants it, one sentence each; empty unless degraded
 */
public record WatchStatus(long pid, String command, Instant since, State state, Instant stateSince,
        List<String> reasons) {

    /** How the fleet is. */
    public enum State {
        /** The watch has not come to an end of its first look. */
        CONVERGING,
        /** All is as the manifest wants it. */
        SETTLED,
        /** Something is not, and the watch goes on trying. */
        DEGRADED
    }

    public WatchStatus {
        reasons = List.copyOf(reasons);
    }
}
