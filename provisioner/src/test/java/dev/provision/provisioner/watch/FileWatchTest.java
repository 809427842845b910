package dev.provision.provisioner.watch;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Changes of the manifest's files are told, however they are made, and those of others are not. */
class FileWatchTest {

    @TempDir
    private Path folder = Path.of("");

    private final Semaphore told = new Semaphore(0);

    private boolean isTold() throws InterruptedException {
        boolean once = told.tryAcquire(15, TimeUnit.SECONDS);
        while (told.tryAcquire(1, TimeUnit.SECONDS)) {
            // It belongs to the same change: one writing is more than one event.
        }
        return once;
    }

    @Test
    void everyWayOfChangingIsTold() throws Exception {
        Path manifest = folder.resolve("machines.yaml");
        Files.writeString(manifest, "a");
        try (FileWatch watch = new FileWatch(told::release)) {
            watch.follow(List.of(manifest));
            Files.writeString(manifest, "b");
            assertTrue(isTold(), "written to");
            Files.writeString(folder.resolve("new"), "c");
            assertFalse(told.tryAcquire(200, TimeUnit.MILLISECONDS), "another file");
            Files.move(folder.resolve("new"), manifest, StandardCopyOption.ATOMIC_MOVE);
            assertTrue(isTold(), "replaced");
            Files.delete(manifest);
            assertTrue(isTold(), "deleted");
            Files.writeString(manifest, "d");
            assertTrue(isTold(), "made again");
        }
    }

    @Test
    void filesOfAFolderAreTold() throws Exception {
        Path other = Files.createDirectory(folder.resolve("more"));
        try (FileWatch watch = new FileWatch(told::release)) {
            watch.follow(List.of(folder.resolve("absent/machines.yaml"), other));
            Files.writeString(other.resolve("web.yaml"), "a");
            assertTrue(isTold());
            watch.follow(List.of(folder.resolve("machines.yaml")));
            Files.writeString(other.resolve("web.yaml"), "b");
            assertFalse(told.tryAcquire(200, TimeUnit.MILLISECONDS), "no more followed");
        }
    }
}
