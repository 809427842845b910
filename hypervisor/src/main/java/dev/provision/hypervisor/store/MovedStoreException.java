package dev.provision.hypervisor.store;

import java.io.IOException;
import java.nio.file.Path;

/**
 * A machine of this store runs, but not by this store's name: its folder was moved or copied while the machine ran, or is
 * reached by another path. To start the machine from here would be to start it twice, to destroy it to take its disks away
 * under its VMM.
 */
public final class MovedStoreException extends IOException {
    private static final long serialVersionUID = 1L;

    private final String fix;

    /**
     * @param machine
     *            {@code FLEET/NAME}
     * @param here
     *            this store's state folder
     * @param there
     *            the one that the VMM was started with; the same where only its sockets are elsewhere
     * @param socket
     *            of the VMM's monitor
     */
    public MovedStoreException(String machine, long pid, Path here, Path there, Path socket) {
        super(here.equals(there)
                ? machine + " runs (process " + pid + ") with the sockets " + socket.resolveSibling("*")
                        + ", which are in another runtime folder than the one in use now"
                : machine + " runs (process " + pid + "), started from the state folder " + there + ": " + here
                        + " is that folder, moved or copied since, or another name of it");
        this.fix = here.equals(there) ? "name the runtime folder of those sockets in PROVISION_RUNTIME_DIR"
                : "use " + there
                        + " again (move the folder back, or put a symbolic link there), or end that process first";
    }

    /** What to do, as an imperative sentence without a full stop. */
    public String fix() {
        return fix;
    }
}
