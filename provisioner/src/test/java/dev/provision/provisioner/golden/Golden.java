package dev.provision.provisioner.golden;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

import static org.junit.jupiter.api.Assertions.assertEquals;

/** Expected texts in files. {@code -Dgolden.regenerate=true} writes them anew: look at the difference, then commit it. */
public final class Golden {

    private static final Path FOLDER = Path.of("src/test/resources/golden");

    private Golden() {}

    /** Escape characters are written as {@code ␛}, so that the files can be read and reviewed. */
    public static void check(String name, String actual) {
        checkFile(FOLDER.resolve(name), actual.replace('\u001b', '␛'));
    }

    /** As {@link #check}, of any file of the project. */
    public static void checkFile(Path file, String actual) {
        try {
            if (Boolean.getBoolean("golden.regenerate")) {
                Files.createDirectories(file.toAbsolutePath().getParent());
                Files.writeString(file, actual);
            }
            assertEquals(Files.exists(file) ? Files.readString(file) : "", actual,
                    file + " is stale; regenerate with -Dgolden.regenerate=true");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
