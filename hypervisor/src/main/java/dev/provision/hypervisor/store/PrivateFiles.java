package dev.provision.hypervisor.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Files that only their owner may read: directories 0700, files 0600, whatever the umask is. See {@link VmmAccess}. */
public final class PrivateFiles {
    private static final FileAttribute<Set<PosixFilePermission>> DIRECTORY = PosixFilePermissions
            .asFileAttribute(PosixFilePermissions.fromString("rwx------"));
    private static final FileAttribute<Set<PosixFilePermission>> FILE = PosixFilePermissions
            .asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    private static final Set<PosixFilePermission> PASSAGE = PosixFilePermissions.fromString("rwx--x--x");

    private PrivateFiles() {}

    /**
     * Makes a directory and the missing ones above it. Those above that root makes can be passed by others: VMMs of root
     * are other users.
     */
    public static void makeDirectories(Path directory) throws IOException {
        Path parent = directory.getParent();
        if (parent != null && ThisUser.isRoot() && Files.notExists(parent)) {
            makePassages(parent);
        }
        Files.createDirectories(directory, DIRECTORY);
    }

    /** At once as they shall be, so that a process killed here leaves none that cannot be passed; then whatever the umask is. */
    private static void makePassages(Path directory) throws IOException {
        Path parent = directory.getParent();
        if (parent != null && Files.notExists(parent)) {
            makePassages(parent);
        }
        Files.createDirectories(directory, PosixFilePermissions.asFileAttribute(PASSAGE));
        Files.setPosixFilePermissions(directory, PASSAGE);
    }

    /** Makes an empty file, or empties the one that is there. */
    public static void makeEmpty(Path file) throws IOException {
        ensure(file);
        FileChannel.open(file, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING).close();
    }

    /** Makes an empty file when there is none. */
    public static void ensure(Path file) throws IOException {
        try {
            Files.createFile(file, FILE);
        } catch (FileAlreadyExistsException e) {
            // Keeps what is in it: a log that goes on over several boots.
        }
    }

    /**
     * Replaces a file so that after a crash at any instant it holds either all of the old or all of the new content:
     * temporary file, fsync, rename, fsync of the directory (rename(2) alone orders nothing on disk).
     */
    public static void replace(Path file, byte[] content) throws IOException {
        Path directory = parent(file);
        Path temporary = temporary(file);
        try {
            writeDurably(temporary, content, file);
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(temporary);
        }
        syncDirectory(directory);
    }

    /** An error of it names the file that was meant. */
    private static Path temporary(Path file) throws IOException {
        try {
            return Files.createTempFile(parent(file), "." + file.getFileName() + "-", ".tmp", FILE);
        } catch (AccessDeniedException e) {
            throw new AccessDeniedException(file.toString());
        } catch (NoSuchFileException e) {
            throw e;
        } catch (FileSystemException e) {
            throw new FileSystemException(file.toString(), null, e.getReason());
        }
    }

    /**
     * Removes what {@link #replace} has left of files in this directory when its process was killed. To be called by who
     * alone writes there: of another, it would take away what is about to become the file.
     */
    public static void removeUnfinished(Path directory) throws IOException {
        removeUnfinished(directory, Instant.MAX);
    }

    /** The same of files that were last written before that, for a directory where others write too. */
    static void removeUnfinished(Path directory, Instant before) throws IOException {
        try (DirectoryStream<Path> unfinished = Files.newDirectoryStream(directory, ".*-*.tmp")) {
            for (Path file : unfinished) {
                if (before.equals(Instant.MAX) || Files.getLastModifiedTime(file).toInstant().isBefore(before)) {
                    Files.deleteIfExists(file);
                }
            }
        } catch (NoSuchFileException | NotDirectoryException e) {
            // Nothing was ever written there, or somebody else has just finished.
        }
    }

    /**
     * Makes a file that is not there yet; on disk when this returns, and never there without its content.
     *
     * @return false when there is one of this name already, which stays as it is; of several who try, one makes it
     */
    static boolean makeNew(Path file, byte[] content) throws IOException {
        Path temporary = temporary(file);
        try {
            writeDurably(temporary, content, file);
            Files.createLink(file, temporary); // unlike a rename it replaces nothing
        } catch (FileAlreadyExistsException e) {
            return false;
        } finally {
            Files.deleteIfExists(temporary);
        }
        syncDirectory(parent(file));
        return true;
    }

    /** Removes a directory and all that is in it; does nothing when it is not there. Follows no symbolic link. */
    public static void removeTree(Path directory) throws IOException {
        List<Path> deepestFirst;
        if (Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
            // From now on nobody else changes what is in it: a VMM's user may write to its folder of sockets.
            Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
        }
        try (Stream<Path> tree = Files.walk(directory)) {
            deepestFirst = tree.sorted(Comparator.reverseOrder()).toList();
        } catch (NoSuchFileException e) {
            return;
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        for (Path path : deepestFirst) {
            Files.deleteIfExists(path);
        }
        syncDirectory(parent(directory));
    }

    /** Removes a directory when it is there and empty. */
    static void removeIfEmpty(Path directory) throws IOException {
        try {
            Files.deleteIfExists(directory);
        } catch (DirectoryNotEmptyException e) {
            // Somebody else has files in it: not ours to remove.
        }
    }

    /** @param meant what an error names: a channel's own say nothing of the place */
    private static void writeDurably(Path file, byte[] content, Path meant) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            ByteBuffer buffer = ByteBuffer.wrap(content);
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
            channel.force(true);
        } catch (ClosedByInterruptException | FileSystemException e) {
            throw e;
        } catch (IOException e) {
            throw new FileSystemException(meant.toString(), null, e.getMessage());
        }
    }

    /** A directory opened for reading can be fsynced through NIO on Linux and macOS. */
    static void syncDirectory(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    private static Path parent(Path file) {
        Path parent = file.getParent();
        if (parent == null) {
            throw new IllegalArgumentException("no directory above " + file);
        }
        return parent;
    }
}
