package dev.provision.hypervisor.image;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Puts a finished image folder into place. Builders in several processes may finish at once: they do so one after the
 * other, under a file lock that ends with the process that holds it. Running machines have read their image already.
 */
final class ImageInstaller {
    private ImageInstaller() {}

    /**
     * Makes {@code staging}, a folder beside {@code target}, become it. An image of the same digest stays as it is.
     *
     * @return whether an identical image was there already
     */
    static synchronized boolean install(Path staging, Path target, String digest) throws IOException {
        String name = String.valueOf(target.getFileName());
        Path lockFile = target.resolveSibling(ImageFiles.lockOf(name));
        try (FileChannel channel = FileChannel.open(lockFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock lock = channel.lock()) {
            if (lock.isValid() && holds(target, digest)) {
                return true;
            }
            Path retired = Files.createTempDirectory(target.getParent(), ImageFiles.retiredPrefixOf(name));
            if (Files.exists(target)) {
                Files.move(target, retired.resolve(name), StandardCopyOption.ATOMIC_MOVE);
            }
            Files.move(staging, target, StandardCopyOption.ATOMIC_MOVE);
            delete(retired);
            return false;
        }
    }

    private static boolean holds(Path target, String digest) {
        try {
            // Equal digests and recipes mean equal files: the recipe of the digest's image is in its own manifest.
            return ImageManifest.read(target).digest().equals(digest);
        } catch (IOException e) {
            return false; // none there, or one that cannot be read: it is replaced
        }
    }

    /** Deletes a folder with everything in it; nothing happens when there is none. */
    static void delete(Path folder) throws IOException {
        if (Files.notExists(folder)) {
            return;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            List<Path> deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
            for (Path file : deepestFirst) {
                Files.deleteIfExists(file);
            }
        }
    }
}
