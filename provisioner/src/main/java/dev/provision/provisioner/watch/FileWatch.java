package dev.provision.provisioner.watch;

import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

import dev.provision.schema.assembly.ManifestFolder;

/**
 * Tells when files change, by the kernel's word (inotify(7) on Linux). Their folders are watched, since most editors replace a
 * file instead of writing to it. File systems of other hosts say nothing: there, only the next look at the fleet finds out.
 */
public final class FileWatch implements AutoCloseable {

    private final WatchService service;
    private final Runnable whenChanged;
    private final Map<WatchKey, Path> folders = new HashMap<>();
    private Set<Path> files = Set.of();

    public FileWatch(Runnable whenChanged) throws IOException {
        this.service = FileSystems.getDefault().newWatchService();
        this.whenChanged = whenChanged;
        Thread.ofPlatform().daemon().name("file-watch").start(this::run);
    }

    /** From now on these are watched; of a folder, the manifests in it. */
    public synchronized void follow(Collection<Path> paths) throws IOException {
        Set<Path> followed = new HashSet<>();
        Set<Path> needed = new HashSet<>();
        for (Path path : paths) {
            Path absolute = path.toAbsolutePath().normalize();
            followed.add(absolute);
            Path folder = Files.isDirectory(absolute) ? absolute : Objects.requireNonNull(absolute.getParent());
            if (Files.isDirectory(folder)) {
                needed.add(folder);
            }
        }
        folders.entrySet().removeIf(entry -> {
            boolean gone = !needed.contains(entry.getValue()) || !entry.getKey().isValid();
            if (gone) {
                entry.getKey().cancel();
            }
            return gone;
        });
        for (Path folder : needed) {
            if (!folders.containsValue(folder)) {
                folders.put(folder.register(service, StandardWatchEventKinds.ENTRY_CREATE,
                        StandardWatchEventKinds.ENTRY_MODIFY, StandardWatchEventKinds.ENTRY_DELETE), folder);
            }
        }
        files = Set.copyOf(followed);
    }

    private void run() {
        try {
            while (true) {
                WatchKey key = service.take();
                boolean ours = false;
                for (WatchEvent<?> event : key.pollEvents()) {
                    ours |= isFollowed(key, event);
                }
                if (ours) {
                    whenChanged.run();
                }
                key.reset();
            }
        } catch (ClosedWatchServiceException | InterruptedException e) {
            // It is over.
        }
    }

    private synchronized boolean isFollowed(WatchKey key, WatchEvent<?> event) {
        Path folder = folders.get(key);
        if (folder == null) {
            return false;
        }
        // Without a name, events were lost: then anything may have changed.
        return !(event.context() instanceof Path name) || files.contains(folder.resolve(name))
                || (files.contains(folder) && ManifestFolder.isManifest(name));
    }

    @Override
    public void close() throws IOException {
        service.close();
    }
}
