package dev.provision.schema.format;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.provision.schema.diagnostics.Code;
import dev.provision.schema.diagnostics.Diagnostic;
import dev.provision.schema.diagnostics.Problems;
import dev.provision.schema.diagnostics.SourceText;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What the formatter refuses, what it leaves alone, and that it is done after one time. */
class FormatterTest {

    private static final Path ROOT = Path.of("..");
    private static final Pattern YAML_BLOCK = Pattern.compile("(?ms)^```ya?ml\\n(.*?)^```$");

    private static Optional<String> format(String text, Problems problems) {
        return Formatter.format(new SourceText("m.yaml", text), problems);
    }

    private static String formatted(String text) {
        Problems problems = new Problems();
        Optional<String> formatted = format(text, problems);
        assertEquals(List.of(), problems.sorted());
        return formatted.orElseThrow();
    }

    /** {@code LINE:COLUMN CODE} of what stands in the way. */
    private static List<String> refusal(String text) {
        Problems problems = new Problems();
        assertEquals(Optional.empty(), format(text, problems));
        return problems.sorted()
                .stream()
                .map(problem -> problem.span().map(span -> span.line() + ":" + span.column() + " ").orElse("")
                        + problem.code())
                .toList();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "machines: { a: { resources: { cpu: 1, cpus: 2 } } }                          | 1:31 CONFLICTING_KEYS",
        "machines: { a: { resources: { memoryMb: 1, mem: 2 } } }                      | 1:31 CONFLICTING_KEYS",
        "machines: { a: { resources: { memory: [1, 2], memory-reservation: 1 } } }    | 1:47 CONFLICTING_KEYS",
        "machines: { a: { image: x, image: y } }                                      | 1:28 DUPLICATE_KEY",
        "machines: { a: *nope }                                                       | 1:16 YAML_SYNTAX",
        "machines: { a: [ }                                                           | 1:18 YAML_SYNTAX",
        "[ machines ]                                                                 | 1:1 WRONG_TYPE",
        "machines                                                                     | 1:1 WRONG_TYPE"})
    void whatIsNoManifestAtAllIsRefusedWithItsPlace(String text, String problem) {
        assertEquals(List.of(problem), refusal(text));
    }

    @Test
    void aSecondDocumentIsRefused() {
        assertEquals(List.of("2:1 YAML_SYNTAX"), refusal("version: 1\n---\nversion: 1\n"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n", "# only a comment\n", "\uFEFF", "{}\n", "{ # nothing\n}\n",
        "# no end"})
    void whereNothingIsSaidThereIsNothingToDo(String text) {
        assertEquals(text.equals("# no end") ? text + "\n" : text, formatted(text));
    }

    @Test
    void decimalUnitsAreWrittenAsWhatTheyAreAndNoted() {
        Problems problems = new Problems();
        String text = "machines:\n  a:\n    resources: { memory: 4G, storage: 4GB }\n";
        assertEquals(Optional.of("machines:\n  a:\n    resources: { memory: 3815MiB, storage: 3815MiB }\n"),
                format(text, problems));
        assertEquals(List.of(Code.DECIMAL_UNIT), problems.sorted().stream().map(Diagnostic::code).toList());
        assertEquals("m.yaml:3:26", problems.sorted().getFirst().span().orElseThrow().toString());
    }

    @Test
    void manyAnchorsInOneMappingAreOrderedInTime() {
        StringBuilder text = new StringBuilder("version: &x 1\n");
        for (int i = 0; i < 3_000; i++) {
            text.append("y").append(i).append(": [ *x, &x 1 ]\n");
        }
        text.append("fleet: *x\n");
        assertEquals(text.toString(),
                assertTimeoutPreemptively(Duration.ofSeconds(30), () -> formatted(text.toString())));
    }

    @Test
    void deepNestingIsNoProblem() {
        String text = "x: " + "[".repeat(98) + "]".repeat(98) + "\n";
        assertEquals(text, formatted(text));
    }

    /** All manifests of this repository, those in its documents too. */
    static Map<String, String> manifests() throws IOException {
        Map<String, String> manifests = new TreeMap<>();
        List<Path> files = new ArrayList<>(List.of(ROOT.resolve("README.md"), ROOT.resolve("machines.yaml.example")));
        for (String folder : List.of("docs", "schema/src", "planner/src", "hypervisor/src", "provisioner/src", "src")) {
            try (Stream<Path> found = Files.walk(ROOT.resolve(folder))) {
                found.filter(file -> file.toString().matches(".*\\.(ya?ml|md)")).forEach(files::add);
            }
        }
        for (Path file : files) {
            String text = Files.readString(file);
            if (file.toString().endsWith(".md")) {
                Matcher block = YAML_BLOCK.matcher(text);
                while (block.find()) {
                    manifests.put(file + ":" + block.start(), block.group(1));
                }
            } else {
                manifests.put(file.toString(), text);
            }
        }
        return manifests;
    }

    static List<String> names() throws IOException {
        return List.copyOf(manifests().keySet());
    }

    @ParameterizedTest
    @MethodSource("names")
    void oneTimeIsEnough(String name) throws IOException {
        String text = manifests().getOrDefault(name, "");
        Problems problems = new Problems();
        Optional<String> once = format(text, problems);
        if (once.isPresent()) {
            assertEquals(once, format(once.get(), new Problems()));
        } else {
            assertTrue(name.contains("/diagnostics/") || name.contains("/fuzz/"),
                    () -> name + ": " + problems.sorted());
        }
    }

    @Test
    void theExampleIsInCanonicalForm() throws IOException {
        String example = Files.readString(ROOT.resolve("machines.yaml.example"));
        assertEquals(example, formatted(example));
    }
}
