package dev.provision.hypervisor.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.provision.hypervisor.MachineId;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

class VmmAccessTest {
    private static final MachineId ID = new MachineId("shop", "web");
    private static final int USER = VmmUserIds.LAST;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    @SuppressWarnings("NullAway.Init")
    private MachineFiles files;

    @SuppressWarnings("NullAway.Init")
    private VmmAccess access;

    @BeforeEach
    void makeMachine() throws IOException {
        assumeTrue(ThisUser.isRoot(), "only root gives files away");
        StoreLayout layout = new StoreLayout(folder.resolve("state"), folder.resolve("run"));
        files = layout.machine(ID);
        access = new VmmAccess(layout);
        for (Path directory : new Path[]{files.directory(), files.settings(), files.sockets()}) {
            PrivateFiles.makeDirectories(directory);
        }
    }

    private static int owner(Path file) throws IOException {
        return (Integer) Files.getAttribute(file, "unix:uid", LinkOption.NOFOLLOW_LINKS);
    }

    @Test
    void whatALinkOfTheVmmLeadsToStaysRoots() throws IOException {
        Path elsewhere = Files.createDirectory(folder.resolve("elsewhere"));
        Path secret = Files.writeString(elsewhere.resolve("secret"), "of root");
        Files.createSymbolicLink(files.volumeSockets(), elsewhere);
        access.grant(ID, USER);
        assertEquals(0, owner(secret));
        assertEquals(0, owner(elsewhere));
        assertFalse(Files.exists(files.volumeSockets(), LinkOption.NOFOLLOW_LINKS));
    }

    @Test
    void aFileOrFolderOfTheVmmInTheWayIsRemoved() throws IOException {
        Files.writeString(files.volumeSockets(), "in the way");
        access.grant(ID, USER);
        assertFalse(Files.exists(files.volumeSockets(), LinkOption.NOFOLLOW_LINKS));
        Files.createDirectory(files.volumeSockets());
        Path link = Files.createSymbolicLink(files.volumeSocket(0), folder);
        Files.setAttribute(files.volumeSockets(), "unix:uid", USER);
        access.grant(ID, USER);
        assertFalse(Files.exists(link, LinkOption.NOFOLLOW_LINKS));
        assertEquals(0, owner(folder));
    }

    @Test
    void disksAndServersSocketsAreItsAndTheFolderIsTakenBack() throws IOException {
        PrivateFiles.ensure(files.overlay());
        PrivateFiles.makeDirectories(files.volumeSockets());
        PrivateFiles.ensure(files.volumeSocket(0));
        access.grant(ID, USER);
        assertEquals(USER, owner(files.overlay()));
        assertEquals(USER, owner(files.volumeSocket(0)));
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(files.overlay())));
        assertEquals(01730, (Integer) Files.getAttribute(files.sockets(), "unix:mode") & 07777);
        access.withdraw(ID);
        assertEquals(0700, (Integer) Files.getAttribute(files.sockets(), "unix:mode") & 07777);
    }
}
