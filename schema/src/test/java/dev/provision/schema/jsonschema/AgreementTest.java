package dev.provision.schema.jsonschema;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import dev.provision.schema.diagnostics.Code;
import dev.provision.schema.diagnostics.SourceText;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Every manifest under test, good or bad, is judged alike by the JSON Schema and by the reader. */
class AgreementTest {

    private static final Path RESOURCES = Path.of("src/test/resources");
    private static final Pattern YAML_BLOCK = Pattern.compile("```yaml\n(.*?)```", Pattern.DOTALL);

    private static List<Path> files(Path folder, String glob) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.getFileSystem().getPathMatcher("glob:**" + glob).matches(file))
                    .sorted()
                    .toList();
        }
    }

    /** All but the fuzzer's seeds, which are there to be survived: aliases that stand for millions of nodes and the like. */
    private static List<SourceText> inFiles() throws IOException {
        List<Path> files = new ArrayList<>(files(RESOURCES, ".yaml"));
        files.removeIf(file -> file.startsWith(RESOURCES.resolve("fuzz"))
                || file.startsWith(RESOURCES.resolve("format/invalid")));
        files.add(Path.of("../machines.yaml.example"));
        List<SourceText> manifests = new ArrayList<>();
        for (Path file : files) {
            manifests.add(new SourceText(file.toString(), Files.readString(file)));
        }
        return manifests;
    }

    private static List<SourceText> inDocumentation() throws IOException {
        List<Path> files = new ArrayList<>(files(Path.of("../docs"), ".md"));
        files.add(Path.of("../README.md"));
        List<SourceText> manifests = new ArrayList<>();
        for (Path file : files) {
            for (MatchResult block : YAML_BLOCK.matcher(Files.readString(file)).results().toList()) {
                if (block.group(1).contains("\nmachines:")) {
                    manifests.add(new SourceText(file + " block " + manifests.size(), block.group(1)));
                }
            }
        }
        return manifests;
    }

    /** The table of notations as one manifest. */
    private static SourceText notations() throws IOException {
        StringBuilder text = new StringBuilder("version: 1\nfleet: f\nmachines:\n");
        int count = 0;
        for (String line : Files.readAllLines(RESOURCES.resolve("conformance/resources.txt"))) {
            String[] columns = line.split(" \\| ", 3);
            if (!line.startsWith("#") && columns.length == 3) {
                text.append("  m").append(count++).append(": {resources: {").append(columns[1]).append("}}\n");
            }
        }
        assertTrue(count > 150);
        return new SourceText("resources.txt", text.toString());
    }

    @Test
    void ofEveryManifestUnderTest() throws IOException {
        List<SourceText> files = inFiles();
        List<SourceText> documentation = inDocumentation();
        assertTrue(files.size() > 30 && documentation.size() > 0);
        Agreement agreement = new Agreement();
        List<String> found = Stream.of(files, documentation, List.of(notations()))
                .flatMap(List::stream)
                .flatMap(text -> agreement.disagreements(text).stream())
                .toList();
        assertEquals(List.of(), found, () -> String.join("\n", found));
        assertEquals(List.of(), agreement.beyond().unused(), "nothing is excused that does not occur");
    }

    @Test
    void everyKindOfProblemIsSaidOrExcused() {
        Set<Code> known = EnumSet.copyOf(BeyondTheSchema.SAID);
        known.addAll(BeyondTheSchema.NEVER_SAID);
        assertEquals(BeyondTheSchema.SAID.size() + BeyondTheSchema.NEVER_SAID.size(), known.size());
        assertEquals(List.of(), Arrays.stream(Code.values())
                .filter(code -> !known.contains(code) && code != Code.DECIMAL_UNIT && code != Code.FORMATTING_REFUSED
                        && !code.id().matches("PRV-0[34].*"))
                .toList());
    }
}
