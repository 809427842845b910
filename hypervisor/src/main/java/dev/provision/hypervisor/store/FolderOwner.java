package dev.provision.hypervisor.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Optional;
import java.util.Set;

/**
 * Whose a folder is that holds sockets: below /tmp anybody could have made it first, and would decide who is talked to.
 */
public final class FolderOwner {
    private static final Set<PosixFilePermission> WRITABLE = Set.of(PosixFilePermission.GROUP_WRITE,
            PosixFilePermission.OTHERS_WRITE);

    private FolderOwner() {}

    /** Whose a path is that this user may not look at: the owner of the nearest folder above it that tells; empty: his own. */
    public static Optional<String> stranger(Path path) {
        for (Path each = path.toAbsolutePath(); each != null; each = each.getParent()) {
            try {
                int owner = (Integer) Files.getAttribute(each, "unix:uid", LinkOption.NOFOLLOW_LINKS);
                return owner == ThisUser.id() ? Optional.empty()
                        : Optional.of(Files.getOwner(each, LinkOption.NOFOLLOW_LINKS).getName());
            } catch (IOException closed) {
                // Then that above it says.
            }
        }
        return Optional.empty();
    }

    /** Why a folder that is there is not for this user alone to write to, as a clause; empty when it is, or is not there. */
    public static Optional<String> problem(Path folder) throws IOException {
        if (Files.notExists(folder, LinkOption.NOFOLLOW_LINKS)) {
            return Optional.empty();
        }
        // Of a link its own owner counts as well: he says where it leads. Links of root, as /var/run, are the system's.
        int link = (Integer) Files.getAttribute(folder, "unix:uid", LinkOption.NOFOLLOW_LINKS);
        if (link != ThisUser.id() && !(Files.isSymbolicLink(folder) && link == 0)) {
            return Optional.of("belongs to user " + Files.getOwner(folder, LinkOption.NOFOLLOW_LINKS).getName());
        }
        if (Files.notExists(folder)) {
            return Optional.of("is a symbolic link that leads nowhere");
        }
        if ((Integer) Files.getAttribute(folder, "unix:uid") != ThisUser.id()) {
            return Optional.of("belongs to user " + Files.getOwner(folder).getName());
        }
        return Files.getPosixFilePermissions(folder).stream().anyMatch(WRITABLE::contains)
                ? Optional.of("may be written by others")
                : Optional.empty();
    }
}
