package dev.provision.hypervisor.qemu.isolation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

/** What a user who owns nothing can get at, by the permissions of files; access control lists are not looked at. */
final class Reachable {

    private Reachable() {}

    /** The uppermost folder on the way to and into {@code folder} that others may not pass; those that are missing are open. */
    static Optional<Path> firstClosed(@Nullable Path folder) {
        if (folder == null) {
            return Optional.empty();
        }
        Path real = real(folder);
        Optional<Path> above = firstClosed(real.getParent());
        return above.isPresent() || isOpen(real) ? above : Optional.of(real);
    }

    private static Path real(Path folder) {
        try {
            return folder.toRealPath();
        } catch (IOException e) {
            return folder; // not there yet
        }
    }

    private static boolean isOpen(Path folder) {
        try {
            return Files.notExists(folder)
                    || Files.getPosixFilePermissions(folder).contains(PosixFilePermission.OTHERS_EXECUTE);
        } catch (IOException e) {
            return false;
        }
    }

    /** All may read the file, once they get at it. */
    static boolean isReadable(Path file) throws IOException {
        return Files.getPosixFilePermissions(file).contains(PosixFilePermission.OTHERS_READ);
    }
}
