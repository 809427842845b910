package dev.provision.schema;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import static org.junit.jupiter.api.Assertions.assertEquals;

/** A file whose content is a program's output; {@code -Dgolden.regenerate=true} writes it anew. */
public final class GoldenFile {

    private GoldenFile() {}

    public static void check(Path file, String actual) throws IOException {
        if (Boolean.getBoolean("golden.regenerate")) {
            Files.writeString(file, actual);
        }
        String expected = Files.exists(file) ? Files.readString(file) : "";
        assertEquals(expected, actual,
                file + " is stale: look at the difference, then run with -Dgolden.regenerate=true");
    }
}
