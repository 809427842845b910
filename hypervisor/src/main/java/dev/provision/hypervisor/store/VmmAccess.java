package dev.provision.hypervisor.store;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;

import dev.provision.hypervisor.MachineId;

/**
 * Lets a VMM that is not root's have the files of its machine, and no more. Its user owns disks and logs, may read
 * settings, and makes sockets. The folders stay root's: who could replace a file by a link would have root write, or
 * remove, what the link leads to. So the folder of sockets is sticky too: its user removes what it has made itself, and
 * nothing else.
 *
 * <p>
 * Folders above are searchable by all and readable by root only: a name in them must be known, and what it leads to is
 * closed to all but its owner.
 */
public final class VmmAccess {
    private static final Set<PosixFilePermission> PRIVATE = PosixFilePermissions.fromString("rwx------");
    private static final Set<PosixFilePermission> OWN_FILE = PosixFilePermissions.fromString("rw-------");
    private static final Set<PosixFilePermission> READABLE = PosixFilePermissions.fromString("rw-r-----");
    private static final Set<PosixFilePermission> SEARCHABLE = PosixFilePermissions.fromString("rwx--x---");

    /** 01730: sticky, which {@link PosixFilePermission} does not know. */
    private static final int STICKY_WRITABLE = 01730;
    private static final int ROOT = 0;

    private final StoreLayout layout;

    public VmmAccess(StoreLayout layout) {
        this.layout = layout;
    }

    /**
     * To be called while the VMM does not run, when all files but the sockets of its own are there. Files of an earlier
     * version of provision, or of root's own VMM, change hands.
     */
    public void grant(MachineId id, int user) throws IOException {
        MachineFiles files = layout.machine(id);
        removeForeign(files.volumeSockets());
        for (Path passage : layout.passages(id.fleet())) {
            letPass(passage);
        }
        for (Path folder : List.of(files.directory(), files.settings(), files.disks(), files.volumeSockets())) {
            if (Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
                set(folder, ROOT, user, SEARCHABLE);
            }
        }
        for (Path setting : entries(files.settings())) {
            set(setting, ROOT, user, READABLE);
        }
        for (Path file : List.of(files.overlay(), files.storage(), files.consoleLog(), files.reportLog(),
                files.runLog())) {
            own(file, user);
        }
        for (Path file : entries(files.disks())) {
            own(file, user);
        }
        for (Path socket : entries(files.volumeSockets())) {
            own(socket, user);
        }
        grantSockets(files, user);
    }

    /** Takes back the folder of sockets: the VMM is to be who starts it. To be called while it does not run. */
    public void withdraw(MachineId id) throws IOException {
        Path sockets = layout.machine(id).sockets();
        if (Files.isDirectory(sockets, LinkOption.NOFOLLOW_LINKS)) {
            Files.setPosixFilePermissions(sockets, PRIVATE);
        }
    }

    /** In a folder that a VMM may write to, it may have made what we take for ours: a link, a folder of its own. */
    private static void removeForeign(Path folder) throws IOException {
        if (Files.exists(folder, LinkOption.NOFOLLOW_LINKS) && (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)
                || (Integer) Files.getAttribute(folder, "unix:uid", LinkOption.NOFOLLOW_LINKS) != ROOT)) {
            PrivateFiles.removeTree(folder);
        }
    }

    private static void grantSockets(MachineFiles files, int user) throws IOException {
        // In a sticky folder the user could not replace those of another one.
        for (Path socket : List.of(files.qmpSocket(), files.agentSocket(), files.shellSocket(),
                files.consoleSocket())) {
            Files.deleteIfExists(socket);
        }
        Files.setAttribute(files.sockets(), "unix:gid", user, LinkOption.NOFOLLOW_LINKS);
        Files.setAttribute(files.sockets(), "unix:mode", STICKY_WRITABLE, LinkOption.NOFOLLOW_LINKS);
    }

    private static void letPass(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return;
        }
        Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(folder);
        if (permissions.add(PosixFilePermission.OTHERS_EXECUTE)) {
            Files.setPosixFilePermissions(folder, permissions);
        }
    }

    private static void own(Path file, int user) throws IOException {
        if (Files.exists(file, LinkOption.NOFOLLOW_LINKS) && !Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)
                && !Files.isSymbolicLink(file)) {
            set(file, user, user, OWN_FILE);
        }
    }

    /**
     * Only root can put entries into these folders, so none of them is a link that was put there in between. Sockets are
     * the only ones whose permissions cannot be set but by following links: they cannot be opened.
     */
    private static void set(Path path, int user, int group, Set<PosixFilePermission> permissions) throws IOException {
        Files.setAttribute(path, "unix:uid", user, LinkOption.NOFOLLOW_LINKS);
        Files.setAttribute(path, "unix:gid", group, LinkOption.NOFOLLOW_LINKS);
        if (Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS).isOther()) {
            Files.setPosixFilePermissions(path, permissions);
        } else {
            Files.getFileAttributeView(path, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
                    .setPermissions(permissions);
        }
    }

    private static List<Path> entries(Path folder) throws IOException {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
            List<Path> all = new java.util.ArrayList<>();
            entries.forEach(all::add);
            return all;
        } catch (NoSuchFileException e) {
            return List.of();
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
    }
}
