package dev.provision.hypervisor.image;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Finds images in a list of folders; an image {@code NAME} is the folder {@code ROOT/NAME}. The first root that has it
 * wins, so that an image built on this machine goes before the one an installation came with.
 */
public final class ImageStore {
    // Replacing an image takes two renames; a reader that falls between them looks again.
    private static final int ATTEMPTS = 5;
    private static final String PLAIN_NAME = "[A-Za-z0-9][A-Za-z0-9._-]*";
    private static final long PAUSE_MILLIS = 20;

    private final List<Path> roots;

    /** @param roots in the order they are searched; the first is the writable one; none needs to exist */
    public ImageStore(List<Path> roots) {
        if (roots.isEmpty()) {
            throw new IllegalArgumentException("an image store needs at least one folder");
        }
        this.roots = List.copyOf(roots);
    }

    /** The folder a new image of this name is built into. */
    public Path writableFolder(String name) {
        return roots.getFirst().resolve(requirePlainName(name));
    }

    /**
     * Looks an image up by name: reads its {@code image.json} and checks that kernel and initrd are there, nothing more.
     *
     * @throws IOException when an image of that name is there but cannot be read
     */
    public Optional<GuestImage> find(String name) throws IOException {
        requirePlainName(name);
        for (Path root : roots) {
            Optional<GuestImage> image = findIn(root, name);
            if (image.isPresent()) {
                return image;
            }
        }
        return Optional.empty();
    }

    /**
     * Names of all images of all roots, sorted.
     *
     * @throws IOException when a root is there but cannot be listed
     */
    public Set<String> names() throws IOException {
        Set<String> names = new TreeSet<>();
        for (Path root : roots) {
            for (String name : namesIn(root)) {
                if (isThere(root, name)) {
                    names.add(name);
                }
            }
        }
        return names;
    }

    /** Of folders, and of locks: an image that is being replaced has only that for a moment. */
    private static Set<String> namesIn(Path root) throws IOException {
        Set<String> names = new TreeSet<>();
        try (Stream<Path> entries = Files.list(root)) {
            entries.map(entry -> ImageFiles.imageOf(String.valueOf(entry.getFileName())))
                    .filter(name -> name.matches(PLAIN_NAME))
                    .forEach(names::add);
        } catch (NoSuchFileException | NotDirectoryException e) {
            // None was put there.
        } catch (UncheckedIOException e) {
            throw Objects.requireNonNull(e.getCause());
        }
        return names;
    }

    private static boolean isThere(Path root, String name) throws IOException {
        for (int attempt = 1; !Files.isRegularFile(root.resolve(name).resolve(ImageFiles.MANIFEST)); attempt++) {
            if (isLast(root, name, attempt)) {
                return false;
            }
            pause();
        }
        return true;
    }

    private static Optional<GuestImage> findIn(Path root, String name) throws IOException {
        Path folder = root.resolve(name);
        for (int attempt = 1; isThere(root, name); attempt++) {
            try {
                GuestImage image = read(folder);
                // Replaced in between, its files would be another one's.
                if (ImageManifest.read(folder).digest().equals(image.digest())) {
                    return Optional.of(image);
                }
            } catch (IOException e) {
                if (isLast(root, name, attempt)) {
                    throw e;
                }
            }
            pause();
        }
        return Optional.empty();
    }

    /** Nobody can be about to put one into place, or it has been waited for long enough. */
    private static boolean isLast(Path root, String name, int attempt) {
        return attempt >= ATTEMPTS || Files.notExists(root.resolve(ImageFiles.lockOf(name)));
    }

    private static GuestImage read(Path folder) throws IOException {
        GuestImage image = ImageManifest.read(folder).in(folder);
        for (Path file : List.of(image.kernel(), image.initrd())) {
            if (!Files.isReadable(file)) {
                throw new IOException(file + " is missing or cannot be read; remove " + folder + " and build it again");
            }
        }
        return image;
    }

    private static void pause() throws IOException {
        try {
            Thread.sleep(PAUSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while an image was being replaced", e);
        }
    }

    private static String requirePlainName(String name) {
        if (!name.matches(PLAIN_NAME)) {
            throw new IllegalArgumentException("not an image name: '" + name + "'");
        }
        return name;
    }
}
