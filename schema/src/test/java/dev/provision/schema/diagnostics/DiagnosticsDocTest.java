package dev.provision.schema.diagnostics;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;

import org.junit.jupiter.api.Test;

import dev.provision.schema.GoldenFile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** {@code docs/diagnostics.md} lists every code. */
class DiagnosticsDocTest {

    private static final String HEAD = """
            # Diagnostics

            Every kind of problem that `provision` reports before it touches anything. A code's number never changes and is
            never given to another kind. Generated from `Code`; see `DiagnosticsDocTest`.

            | code | what it means |
            |---|---|
            """;

    @Test
    void everyCodeIsDocumented() throws IOException {
        String rows = Arrays.stream(Code.values())
                .map(code -> "| `" + code.id() + "` | " + code.title() + " |\n")
                .collect(Collectors.joining());
        GoldenFile.check(Path.of("../docs/diagnostics.md"), HEAD + rows);
    }

    @Test
    void codesAreUniqueAndWellFormed() {
        assertEquals(Code.values().length, Arrays.stream(Code.values()).map(Code::id).distinct().count());
        assertTrue(Arrays.stream(Code.values()).allMatch(code -> code.id().matches("PRV-[0-9]{4}")));
    }
}
