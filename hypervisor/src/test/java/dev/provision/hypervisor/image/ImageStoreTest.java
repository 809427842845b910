package dev.provision.hypervisor.image;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class ImageStoreTest {
    @TempDir
    Path folder;

    private static Path imageIn(Path image, String digest) throws IOException {
        Files.createDirectories(image);
        Files.writeString(image.resolve(ImageFiles.KERNEL), "k");
        Files.writeString(image.resolve(ImageFiles.INITRD), "i");
        new ImageManifest(ImageManifest.FORMAT, "builtin", "x86_64", "6.1", 1, "recipe", digest,
                List.of(new ImageManifest.Input("busybox-static", "1:1.35", "abc"))).write(image);
        return image;
    }

    @Test
    void theFirstFolderThatHasTheImageWins() throws IOException {
        Path own = folder.resolve("own");
        Path shipped = folder.resolve("shipped");
        ImageStore store = new ImageStore(List.of(own, shipped));
        assertEquals(Optional.empty(), store.find("builtin"));

        imageIn(shipped.resolve("builtin"), "old");
        assertEquals("old", store.find("builtin").orElseThrow().digest());

        imageIn(store.writableFolder("builtin"), "new");
        GuestImage found = store.find("builtin").orElseThrow();
        assertEquals("new", found.digest());
        assertEquals(own.resolve("builtin").resolve("kernel"), found.kernel());
    }

    @Test
    void damagedImagesAreErrorsNotMissing() throws IOException {
        Path image = imageIn(folder.resolve("builtin"), "d");
        Files.delete(image.resolve(ImageFiles.INITRD));
        ImageStore store = new ImageStore(List.of(folder));
        assertThrows(IOException.class, () -> store.find("builtin"));

        Files.writeString(image.resolve(ImageFiles.MANIFEST), "{\"format\": 1}");
        assertThrows(IOException.class, () -> store.find("builtin"));
    }

    @Test
    void anotherFormatIsRefusedByNumber() throws IOException {
        Path image = imageIn(folder.resolve("builtin"), "d");
        Path manifest = image.resolve(ImageFiles.MANIFEST);
        Files.writeString(manifest, Files.readString(manifest).replace("\"format\" : 1", "\"format\" : 2"));
        IOException e = assertThrows(IOException.class, () -> new ImageStore(List.of(folder)).find("builtin"));
        assertTrue(String.valueOf(e.getMessage()).contains("image format 2"), e.getMessage());
    }

    @Test
    void namesCannotLeaveTheStore() {
        ImageStore store = new ImageStore(List.of(folder));
        assertThrows(IllegalArgumentException.class, () -> store.find("../etc"));
        assertThrows(IllegalArgumentException.class, () -> store.writableFolder(".hidden"));
    }

    /** Replacing takes two renames: there is an image at every instant for who looks. */
    @Test
    void whoLooksWhileAnImageIsReplacedFindsOne() throws Exception {
        Path target = folder.resolve("builtin");
        ImageInstaller.install(imageIn(folder.resolve("first"), "0"), target, "0");
        Thread replaces = Thread.ofPlatform().start(() -> {
            for (int number = 1; number <= 200; number++) {
                String digest = Integer.toString(number);
                Path staging = folder.resolve(".builtin.new-" + digest);
                assertDoesNotThrow(() -> ImageInstaller.install(imageIn(staging, digest), target, digest));
            }
        });
        ImageStore store = new ImageStore(List.of(folder));
        while (replaces.isAlive()) {
            assertTrue(store.find("builtin").isPresent());
            assertEquals(Set.of("builtin"), store.names());
        }
        assertEquals("200", store.find("builtin").orElseThrow().digest());
    }

    @Test
    void installingReplacesADifferentImageOnly() throws IOException {
        Path target = folder.resolve("builtin");
        assertFalse(ImageInstaller.install(imageIn(folder.resolve("a"), "1"), target, "1"));
        assertTrue(ImageInstaller.install(imageIn(folder.resolve("b"), "1"), target, "1"));
        assertFalse(ImageInstaller.install(imageIn(folder.resolve("c"), "2"), target, "2"));
        assertEquals("2", ImageManifest.read(target).digest());
        try (Stream<Path> left = Files.list(folder)) {
            assertEquals(List.of(".builtin.lock", "b", "builtin"),
                    left.map(path -> String.valueOf(path.getFileName())).sorted().toList());
        }
    }
}
