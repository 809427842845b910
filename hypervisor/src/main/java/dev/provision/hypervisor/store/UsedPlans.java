package dev.provision.hypervisor.store;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * {@code STATE/plans-used/DIGEST}: a file for each saved plan that was applied, which holds when. Plans of several fleets are
 * applied at the same time, under a lock each: they share no file here. It is no part of a fleet's folder, which goes with
 * the fleet's last machine.
 */
public final class UsedPlans {

    /** A plan that was applied before a thousand others is stale for other reasons. */
    private static final int KEPT = 1_000;

    private final StoreLayout layout;

    public UsedPlans(StoreLayout layout) {
        this.layout = layout;
    }

    /** When the plan was applied; empty when it was not. */
    public Optional<Instant> when(String digest) throws IOException {
        try {
            return Optional.of(instant(Files.readString(layout.usedPlan(digest)).strip()));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    private static Instant instant(String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeException e) {
            return Instant.EPOCH; // it was applied, whenever that was
        }
    }

    /**
     * On disk when this returns: also a power failure does not make the plan usable again.
     *
     * @return false when it was applied already; of several who try at the same time, one may apply it
     */
    public boolean add(String digest, Instant now) throws IOException {
        Path directory = layout.usedPlansDir();
        PrivateFiles.makeDirectories(directory);
        PrivateFiles.syncDirectory(Objects.requireNonNull(directory.getParent()));
        Path file = layout.usedPlan(digest);
        if (!PrivateFiles.makeNew(file, (now + "\n").getBytes(StandardCharsets.UTF_8))) {
            return false;
        }
        removeOldest(file);
        return true;
    }

    /** By the time of the files: another one may be there already and have nothing in it yet. */
    private void removeOldest(Path added) throws IOException {
        record Used(Path file, FileTime time) {}
        List<Path> files;
        try (Stream<Path> listed = Files.list(layout.usedPlansDir())) {
            files = listed.filter(file -> !file.equals(added)).toList();
        }
        if (files.size() < KEPT) {
            return;
        }
        List<Used> others = new ArrayList<>();
        for (Path file : files) {
            try {
                others.add(new Used(file, Files.getLastModifiedTime(file)));
            } catch (NoSuchFileException e) {
                // Somebody else removed it as one of the oldest.
            }
        }
        others.sort(Comparator.comparing(Used::time));
        for (Used used : others.subList(0, Math.max(0, others.size() + 1 - KEPT))) {
            Files.deleteIfExists(used.file());
        }
    }
}
