package dev.provision.hypervisor.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

class FolderOwnerTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    /** In a container that runs as a number without an entry in /etc/passwd, Java calls the user so. */
    @Test
    void whoHasNoNameOwnsHisFolders() throws IOException {
        Path own = Files.createDirectory(folder.resolve("own"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        String name = System.getProperty("user.name");
        System.setProperty("user.name", "?");
        try {
            assertEquals(Optional.empty(), FolderOwner.problem(own));
        } finally {
            System.setProperty("user.name", name);
        }
        Files.setPosixFilePermissions(own, PosixFilePermissions.fromString("rwx----w-"));
        assertEquals(Optional.of("may be written by others"), FolderOwner.problem(own));
    }

    @Test
    void foldersOfOthersAreNot() throws IOException {
        assumeTrue(ThisUser.isRoot(), "only root gives folders away");
        Path other = Files.createDirectory(folder.resolve("other"));
        Files.setAttribute(other, "unix:uid", 12345);
        assertEquals(Optional.of("belongs to user 12345"), FolderOwner.problem(other));
    }
}
