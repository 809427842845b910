package dev.provision.schema;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.provision.schema.diagnostics.Code;
import dev.provision.schema.diagnostics.Diagnostic;
import dev.provision.schema.diagnostics.Problems;
import dev.provision.schema.diagnostics.SourceText;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Bad manifests and all that is said about each: {@code file:line:column CODE what | why | fix}. */
class DiagnosticsTest {

    private static final Path FOLDER = Path.of("src/test/resources/diagnostics");
    private static final int SWARM = 40_000;

    static List<String> manifests() throws IOException {
        try (Stream<Path> files = Files.list(FOLDER)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".yaml"))
                    .map(name -> name.replace(".yaml", ""))
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("manifests")
    void badManifestsAreExplained(String name) throws IOException {
        Problems problems = new Problems();
        SourceText source = new SourceText(name + ".yaml", Files.readString(FOLDER.resolve(name + ".yaml")));
        assertTrue(ManifestReader.read(source, problems).isEmpty());
        assertTrue(problems.hasErrors());
        GoldenFile.check(FOLDER.resolve(name + ".txt"), text(problems));
    }

    private static String text(Problems problems) {
        return problems.sorted().stream().map(DiagnosticsTest::line).collect(Collectors.joining());
    }

    private static String line(Diagnostic problem) {
        String first = problem.span().map(Object::toString).orElse("-") + " " + problem.code().id() + " "
                + problem.what() + " | " + problem.why() + " | " + problem.fix() + "\n";
        return first + problem.related()
                .stream()
                .map(related -> "    " + related.span() + " " + related.role() + "\n")
                .collect(Collectors.joining());
    }

    private static Diagnostic unreadable(Path file) {
        Problems problems = new Problems();
        assertTrue(ManifestReader.read(file, problems).isEmpty());
        assertEquals(1, problems.sorted().size());
        return problems.sorted().getFirst();
    }

    @Test
    void filesThatCannotBeReadAreExplained(@TempDir Path folder) throws IOException {
        Path missing = folder.resolve("machines.yaml");
        assertEquals("there is no file `" + missing + "`", unreadable(missing).what());
        assertEquals("the folder `" + folder + "` has no .yaml file", unreadable(folder).what());
        Path latin1 = Files.write(folder.resolve("latin1.yaml"), new byte[]{'a', ':', ' ', (byte) 0xE4});
        assertEquals("`" + latin1 + "` is not UTF-8 text", unreadable(latin1).what());
    }

    @Test
    void aFileOfAHundredMebibytesIsRefusedUnread(@TempDir Path folder) throws IOException {
        Path large = folder.resolve("large.yaml");
        try (RandomAccessFile file = new RandomAccessFile(large.toFile(), "rw")) {
            file.setLength(100L << 20);
        }
        Diagnostic problem = unreadable(large);
        assertEquals(Code.YAML_BOUNDS, problem.code());
        assertEquals("`" + large + "` has more than 64 MiB", problem.what());
    }

    @ParameterizedTest
    @ValueSource(ints = {2_000_000_000, -1, 100_001})
    void aCountOutOfRangeIsNotMultiplied(int count) {
        Problems problems = new Problems();
        ManifestReader.read(new SourceText("m.yaml", "version: 1\nfleet: f\nmachines: {a: {count: " + count + "}}\n"),
                problems);
        assertEquals(1, problems.sorted().size());
    }

    @Test
    void aLongChainOfDependenciesIsNoProblem() {
        StringBuilder text = new StringBuilder("version: 1\nfleet: f\nmachines:\n  m0: {}\n");
        for (int i = 1; i < 20_000; i++) {
            text.append("  m").append(i).append(": {dependsOn: {m").append(i - 1).append(": ready}}\n");
        }
        Problems problems = new Problems();
        ManifestReader.read(new SourceText("m.yaml", text.toString()), problems);
        assertFalse(problems.hasErrors());
    }

    static List<Arguments> swarms() {
        String head = "version: 1\nfleet: f\n";
        return List.of(
                Arguments.of("keys of one machine", head + "machines:\n  a:\n" + lines("    key%d: x\n"), SWARM),
                Arguments.of("ports of one machine", head + "machines:\n  a:\n    ports:\n" + lines("      - p%d\n"),
                        SWARM),
                Arguments.of("variables", head + "variables:\n" + lines("  V%d: x\n") + "machines:\n"
                        + lines("  a%d: { env: { X: '${W%1$d}' } }\n"), SWARM),
                Arguments.of("machines in one line", head + "machines: { 🚀: {}, " + lines("a%d: { x: 1 }, ") + " }\n",
                        SWARM + 1),
                Arguments.of("a circle", head + "machines:\n" + lines("  a%d: { dependsOn: { a%2$d: ready } }\n"), 1));
    }

    private static String lines(String format) {
        return IntStream.range(0, SWARM)
                .mapToObj(i -> format.formatted(i, (i + 1) % SWARM))
                .collect(Collectors.joining());
    }

    /** Each of these takes minutes where one mistake costs time in proportion to the manifest. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("swarms")
    void swarmsOfMistakesAreFoundInLinearTime(String name, String manifest, int mistakes) {
        Problems problems = new Problems();
        assertTimeoutPreemptively(Duration.ofSeconds(40),
                () -> ManifestReader.read(new SourceText("m.yaml", manifest), problems));
        assertEquals(mistakes, problems.sorted().size());
    }
}
