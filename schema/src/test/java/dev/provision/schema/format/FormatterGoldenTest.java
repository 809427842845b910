package dev.provision.schema.format;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import dev.provision.schema.GoldenFile;
import dev.provision.schema.diagnostics.Diagnostic;
import dev.provision.schema.diagnostics.Problems;
import dev.provision.schema.diagnostics.SourceText;

import static org.junit.jupiter.api.Assertions.assertEquals;

/** Nasty manifests, {@code in.yaml}, and what becomes of them, {@code out.yaml}. */
class FormatterGoldenTest {

    private static final Path FOLDER = Path.of("src/test/resources/format");

    static List<Path> cases() throws IOException {
        try (Stream<Path> folders = Files.list(FOLDER)) {
            return folders.sorted().toList();
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void isFormattedAsExpected(Path folder) throws IOException {
        Problems problems = new Problems();
        SourceText source = new SourceText("in.yaml", Files.readString(folder.resolve("in.yaml")));
        String formatted = Formatter.format(source, problems).orElse("");
        assertEquals(List.of(), problems.sorted().stream().filter(Diagnostic::isError).toList());
        GoldenFile.check(folder.resolve("out.yaml"), formatted);
    }
}
