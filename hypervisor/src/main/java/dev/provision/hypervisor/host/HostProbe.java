package dev.provision.hypervisor.host;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

import dev.provision.schema.units.ByteSize;

/** Reads the facts of this host. */
public interface HostProbe {

    /**
     * Reads the facts as they are now; memory changes from call to call.
     *
     * @throws IOException if the operating system does not give a fact that nothing can replace
     */
    HostFacts facts() throws IOException;

    /** How processors and memory are put together; empty where the system does not tell. Not among the facts: many files say it. */
    default Optional<Topology> topology() {
        return Optional.empty();
    }

    /**
     * The probe for the operating system this runs on.
     *
     * @throws IOException on any other system than Linux and macOS
     */
    static HostProbe ofThisHost() throws IOException {
        var system = System.getProperty("os.name", "");
        return switch (system) {
            case "Linux" -> new LinuxHost();
            case "Mac OS X" -> new MacHost();
            default -> throw new IOException("provision runs on Linux and macOS; this is " + system);
        };
    }

    /**
     * What an unprivileged process can still write below {@code path}, which need not exist yet: its nearest
     * existing parent decides (statvfs(3): f_bavail).
     *
     * @throws IOException if no parent exists or its file system does not answer
     */
    static ByteSize freeDisk(Path path) throws IOException {
        for (var at = path.toAbsolutePath().normalize(); at != null; at = at.getParent()) {
            if (Files.exists(at)) {
                return new ByteSize(Files.getFileStore(at).getUsableSpace());
            }
        }
        throw new IOException("no parent of " + path + " exists");
    }
}
