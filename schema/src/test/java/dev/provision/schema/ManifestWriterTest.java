package dev.provision.schema;

import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import dev.provision.schema.diagnostics.Problems;
import dev.provision.schema.diagnostics.SourceText;
import dev.provision.schema.fleet.Fleet;
import dev.provision.schema.fleet.FleetNetwork;
import dev.provision.schema.fleet.HostPolicy;
import dev.provision.schema.fleet.MachineSpec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What is written is read back as the same fleet, whatever was in the manifest. */
class ManifestWriterTest {

    /** What YAML, its 1.1 types, our variables and a shell could each trip over. */
    private static final List<String> PIECES = List.of("a", "Z9", " ", "  ", "\n", "\n\n", "\t", "\r", "$", "$$",
            "${A}",
            "{", "}", "#", " #", ": ", ":", "- ", "-", "?", "|", ">", "\"", "'", "\\", "%", "@", "`", "&x", "*x", "!",
            "~", "null", "nULL", "no", "12:30", "010", "0x1f", "1e3", "=", "<<", "---", "...", "ü", "漢", "🚀", "\u0001",
            "\u007f", "\u0085", "\u00a0", "\u2028", "\ufeff", "\u202e");

    /** What makes two fleets the same; entries and places are the manifest's affair. */
    private record Content(String name, HostPolicy policy, SortedMap<String, FleetNetwork> networks,
            SortedMap<String, MachineSpec> machines) {

        static Content of(Fleet fleet) {
            SortedMap<String, MachineSpec> specs = new TreeMap<>();
            fleet.machines().forEach((name, machine) -> specs.put(name, machine.spec()));
            return new Content(fleet.name(), fleet.policy(), fleet.networks(), specs);
        }
    }

    static List<Path> manifests() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("src/test/resources/manifests"))) {
            return Stream.concat(files.filter(file -> file.toString().endsWith(".yaml")).sorted(),
                    Stream.of(Path.of("src/test/resources/changes.yaml"), Path.of("../machines.yaml.example")))
                    .toList();
        }
    }

    private static Fleet read(Path manifest) {
        Problems problems = new Problems();
        return ManifestReader.read(manifest, problems)
                .orElseThrow(() -> new AssertionError(manifest + ": " + problems.sorted()));
    }

    private static Fleet read(String text) {
        Problems problems = new Problems();
        return ManifestReader.read(new SourceText("written.yaml", text), problems)
                .orElseThrow(() -> new AssertionError(problems.sorted() + "\n" + text));
    }

    @ParameterizedTest
    @MethodSource("manifests")
    void whatIsWrittenIsTheSameFleet(Path manifest) {
        Fleet fleet = read(manifest);
        for (boolean ascii : List.of(true, false)) {
            String yaml = ManifestWriter.yaml(fleet, ascii);
            assertEquals(Content.of(fleet), Content.of(read(yaml)), yaml);
        }
    }

    @ParameterizedTest
    @MethodSource("manifests")
    void writingAgainChangesNothing(Path manifest) {
        String yaml = ManifestWriter.yaml(read(manifest), false);
        assertEquals(yaml, ManifestWriter.yaml(read(yaml), false));
    }

    @Test
    void theDocumentOfAFullManifest() throws IOException {
        GoldenFile.check(Path.of("src/test/resources/filled/full.yaml"),
                ManifestWriter.yaml(read(Path.of("src/test/resources/manifests/full.yaml")), false));
    }

    /** Otherwise a field that the writer forgets would be read back as its default, and nobody would notice. */
    @Test
    void theManifestsAboveGiveEachFieldMoreThanOneValue() throws Exception {
        List<Object> machines = new ArrayList<>();
        for (Path manifest : manifests()) {
            read(manifest).machines().values().forEach(machine -> machines.add(machine.spec()));
        }
        requireSeveralValues("", MachineSpec.class, machines);
    }

    private static void requireSeveralValues(String path, Class<?> type, List<Object> records) throws Exception {
        for (RecordComponent field : type.getRecordComponents()) {
            List<Object> values = new ArrayList<>();
            for (Object one : records) {
                values.add(field.getAccessor().invoke(one));
            }
            String name = path + field.getName();
            assertTrue(Set.copyOf(values).size() > 1, "`" + name + "` is always " + values.getFirst()
                    + ": give it another value in a manifest of src/test/resources/manifests");
            if (field.getType().isRecord()
                    && field.getType().getPackageName().equals(MachineSpec.class.getPackageName())) {
                requireSeveralValues(name + ".", field.getType(), values);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("manifests")
    void nothingIsLeftToDefaultsProfilesCountsOrVariables(Path manifest) {
        Fleet fleet = read(manifest);
        Map<String, Object> document = ManifestWriter.document(fleet);
        assertTrue(Set.of("version", "fleet", "host", "networks", "machines").containsAll(document.keySet()));
        Map<?, ?> machines = (Map<?, ?>) document.getOrDefault("machines", Map.of());
        assertEquals(fleet.machines().keySet(), machines.keySet());
        for (Object machine : machines.values()) {
            Set<?> keys = ((Map<?, ?>) machine).keySet();
            assertFalse(keys.contains("count") || keys.contains("profile") || keys.contains("extends"),
                    machine.toString());
        }
    }

    @Test
    void anyTextComesBack() {
        Random random = new Random(7);
        for (int round = 0; round < 400; round++) {
            String one = text(random);
            String other = text(random);
            Fleet written = withTexts(one, other);
            boolean ascii = random.nextBoolean();
            String yaml = ManifestWriter.yaml(written, ascii);
            MachineSpec read = read(yaml).machines().firstEntry().getValue().spec();
            assertEquals(List.of("sh", one, other), read.workload().command(), yaml);
            assertEquals(Map.of("A", one, "B", other), read.workload().env(), yaml);
            assertTrue(!ascii || yaml.chars().allMatch(c -> c < 0x80), yaml);
        }
    }

    private static String text(Random random) {
        StringBuilder text = new StringBuilder();
        for (int left = random.nextInt(9); left > 0; left--) {
            text.append(PIECES.get(random.nextInt(PIECES.size())));
        }
        return text.toString();
    }

    private static Fleet withTexts(String one, String other) {
        return read(
                "version: 1\nfleet: f\nmachines:\n  m:\n    run: {command: [sh, %1$s, %2$s]}\n    env: {A: %1$s, B: %2$s}\n"
                        .formatted(quoted(one), quoted(other)));
    }

    /** In the one style that needs no thought: every character an escape, every dollar two. */
    private static String quoted(String text) {
        return text.replace("$", "$$")
                .chars()
                .mapToObj("\\u%04x"::formatted)
                .collect(Collectors.joining("", "\"", "\""));
    }
}
