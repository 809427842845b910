package dev.provision.hypervisor.store;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Files that were being written when their process was killed: of no use to anybody, and there may be secrets in them. */
public final class Leftovers {

    /** A file is being written for milliseconds; minutes where the disk hangs. */
    private static final Duration ABANDONED = Duration.ofHours(1);

    private Leftovers() {}

    /**
     * Removes those of a fleet, and of the store those that are so old that nobody writes them any more. What cannot be
     * removed stays: it disturbs nobody.
     *
     * @param fleet
     *            whose lock this process holds, so that nobody else writes there
     */
    public static void clear(StoreLayout layout, String fleet, Instant now) {
        try {
            for (Path shared : List.of(layout.stateDir(), layout.usedPlansDir(), layout.vmmUsersDir(),
                    layout.takenDevices())) {
                PrivateFiles.removeUnfinished(shared, now.minus(ABANDONED));
            }
            PrivateFiles.removeUnfinished(layout.fleetDir(fleet));
            PrivateFiles.removeUnfinished(layout.expiredDir(fleet));
            for (String machine : new MachineStore(layout).machines(fleet)) {
                Path directory = layout.machinesDir(fleet).resolve(machine);
                PrivateFiles.removeUnfinished(directory);
                PrivateFiles.removeUnfinished(directory.resolve("settings"));
            }
        } catch (IOException e) {
            // Who needs the folder says so.
        }
    }
}
