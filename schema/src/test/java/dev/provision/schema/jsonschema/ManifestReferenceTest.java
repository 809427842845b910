package dev.provision.schema.jsonschema;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.provision.schema.GoldenFile;
import dev.provision.schema.ManifestReader;
import dev.provision.schema.assembly.Inputs;
import dev.provision.schema.devices.DeviceCatalogue;
import dev.provision.schema.diagnostics.Problems;
import dev.provision.schema.diagnostics.SourceText;
import dev.provision.schema.document.YamlReader;
import dev.provision.schema.fleet.Fleet;
import dev.provision.schema.fleet.IgnoredChanges;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** {@code docs/manifest.md} says what the keys say, and its examples do what it says of them. */
class ManifestReferenceTest {

    private static final Path TEMPLATE = Path.of("src/test/resources/reference/manifest.md");
    private static final Pattern BLOCK = Pattern.compile("```(yaml|sh)\n(.*?)```", Pattern.DOTALL);
    private static final Pattern FILE_NAME = Pattern.compile("# (\\S+\\.yaml)\n");

    @TempDir
    private Path folder = Path.of("");

    @Test
    void isCurrent() throws IOException {
        String text = Files.readString(TEMPLATE)
                .replace("{{units}}", ManifestReference.units())
                .replace("{{ignorable}}", String.join("`, `", IgnoredChanges.paths()))
                .replace("{{keys}}", ManifestReference.keys());
        GoldenFile.check(Path.of("../docs/manifest.md"), text);
    }

    private static List<MatchResult> blocks(String kind) throws IOException {
        return BLOCK.matcher(Files.readString(TEMPLATE))
                .results()
                .filter(block -> block.group(1).equals(kind))
                .toList();
    }

    /** Those that are whole; the others are parts of what the commands below read. */
    @Test
    void manifestsAreGood() throws IOException {
        List<String> manifests = blocks("yaml").stream()
                .map(block -> block.group(2))
                .filter(text -> text.contains("fleet:") && !text.contains("include:"))
                .toList();
        assertTrue(manifests.size() >= 4);
        for (String text : manifests) {
            SourceText source = new SourceText("manifest.md", text);
            fleet(Optional.of(source), List.of());
            assertEquals(Set.of(), new EditorView().violations(YamlReader.read(source, new Problems()).orElseThrow()));
        }
    }

    @Test
    void theDeviceCatalogueIsGood(@TempDir Path folder) throws IOException {
        List<String> catalogues = blocks("yaml").stream()
                .map(block -> block.group(2))
                .filter(text -> text.startsWith("version: 1\ndevices:"))
                .toList();
        assertEquals(1, catalogues.size());
        Problems problems = new Problems();
        assertTrue(
                DeviceCatalogue.read(Files.writeString(folder.resolve("devices.yaml"), catalogues.getFirst()), problems)
                        .isPresent(),
                () -> problems.sorted().toString());
    }

    private static Fleet fleet(Optional<SourceText> source, List<Path> files) {
        Problems problems = new Problems();
        Optional<Fleet> fleet = source.isPresent() ? ManifestReader.read(source.get(), problems)
                : ManifestReader.read(new Inputs(files, Map.of(), Map.of()), problems);
        assertEquals(List.of(), problems.sorted());
        return fleet.orElseThrow();
    }

    /** The commands are run on the files whose names the blocks begin with. */
    @Test
    void commandsReadTheFilesThatStandAboveThem() throws IOException {
        for (MatchResult block : blocks("yaml")) {
            var name = FILE_NAME.matcher(block.group(2));
            if (name.lookingAt()) {
                Path file = folder.resolve(name.group(1));
                Files.createDirectories(file.getParent());
                Files.writeString(file, block.group(2));
            }
        }
        List<String> machines = new ArrayList<>();
        for (MatchResult block : blocks("sh")) {
            for (String line : block.group(2).lines().toList()) {
                List<Path> files = Arrays.stream(line.split(" ")).skip(2).map(folder::resolve).toList();
                machines.add(String.join(" ", fleet(Optional.empty(), files).machines().keySet()));
            }
        }
        assertEquals(List.of("db web-0 web-1", "db"), machines);
    }

    /** What the comments of the chapter on layers say of its example. */
    @Test
    void layersDoWhatTheirCommentsSay() throws IOException {
        String layers = blocks("yaml").stream()
                .map(block -> block.group(2))
                .filter(text -> text.contains("fleet: layers"))
                .findFirst()
                .orElseThrow();
        List<String> machines = new ArrayList<>();
        fleet(Optional.of(new SourceText("layers", layers)), List.of()).machines().forEach((name, machine) -> {
            var memory = machine.spec().resources().memory();
            machines.add(name + " " + memory.limit() + "/" + memory.max() + " "
                    + machine.spec().resources().storage().isPresent() + machine.spec().lifecycle().protect()
                    + machine.spec().workload().env().containsKey("DEBUG"));
        });
        assertEquals(List.of("a 256 MiB/256 MiB falsefalsetrue", "b 1 GiB/1 GiB truetruefalse",
                "c 1 GiB/4 GiB truetruefalse", "d 512 MiB/512 MiB falsefalsetrue"), machines);
    }
}
