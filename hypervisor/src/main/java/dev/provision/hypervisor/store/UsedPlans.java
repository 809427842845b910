package dev.provision.hypervisor.store;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * {@code STATE/plans-used}: digests of the saved plans that were applied and when, a line each, the newest last. It is no part
 * of a fleet's folder, which goes with the fleet's last machine.
 */
public final class UsedPlans {

    /** A plan that was made before a thousand others is stale for other reasons. */
    private static final int KEPT = 1_000;

    private final Path file;

    public UsedPlans(StoreLayout layout) {
        this.file = layout.usedPlans();
    }

    /** When the plan was applied; empty when it was not. */
    public Optional<Instant> when(String digest) throws IOException {
        for (String line : lines()) {
            String[] words = line.split(" ", -1);
            if (words.length == 2 && words[0].equals(digest)) {
                return Optional.of(instant(words[1]));
            }
        }
        return Optional.empty();
    }

    private static Instant instant(String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeException e) {
            return Instant.EPOCH; // it was applied, whenever that was
        }
    }

    /** On disk when this returns: also a power failure does not make it usable again. */
    public void add(String digest, Instant now) throws IOException {
        PrivateFiles.makeDirectories(Objects.requireNonNull(file.getParent()));
        List<String> lines = new ArrayList<>(lines());
        lines.add(digest + " " + now);
        List<String> kept = lines.subList(Math.max(0, lines.size() - KEPT), lines.size());
        PrivateFiles.replace(file, (String.join("\n", kept) + "\n").getBytes(StandardCharsets.UTF_8));
    }

    private List<String> lines() throws IOException {
        try {
            return Files.readAllLines(file, StandardCharsets.UTF_8);
        } catch (NoSuchFileException e) {
            return List.of();
        }
    }
}
