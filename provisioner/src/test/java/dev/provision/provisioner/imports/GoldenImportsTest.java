package dev.provision.provisioner.imports;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import dev.provision.provisioner.golden.Golden;
import dev.provision.schema.diagnostics.Diagnostic;
import dev.provision.schema.diagnostics.Problems;
import dev.provision.schema.diagnostics.Severity;
import dev.provision.schema.diagnostics.SourceText;
import dev.provision.schema.format.Formatter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Files as people have them, and the manifests they become. */
class GoldenImportsTest {

    private static final Path FOLDER = Path.of("src/test/resources/imports");

    static List<String> files() throws IOException {
        try (Stream<Path> files = Files.list(FOLDER)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> !name.endsWith(".manifest"))
                    .sorted()
                    .toList();
        }
    }

    private static Imported imported(String name) throws IOException {
        Problems problems = new Problems();
        return Conversions.convert(name, Files.readString(FOLDER.resolve(name)), problems)
                .orElseThrow(() -> new AssertionError(problems.sorted()));
    }

    @ParameterizedTest
    @MethodSource("files")
    void becomesThisManifest(String name) throws IOException {
        Golden.checkFile(FOLDER.resolve(name + ".manifest"), imported(name).manifest());
    }

    @ParameterizedTest
    @MethodSource("files")
    void theManifestIsValid(String name) throws IOException {
        Imported imported = imported(name);
        assertEquals(List.of(), Conversions.mistakes(imported));
        assertTrue(imported.machines() > 0);
    }

    @ParameterizedTest
    @MethodSource("files")
    void theManifestIsInCanonicalForm(String name) throws IOException {
        String manifest = imported(name).manifest();
        assertEquals(Optional.of(manifest),
                Formatter.format(new SourceText("machines.yaml", manifest), new Problems()));
    }

    @ParameterizedTest
    @MethodSource("files")
    void everyRemarkStandsAsAComment(String name) throws IOException {
        Imported imported = imported(name);
        List<String> comments = imported.manifest().lines().map(String::strip).filter(l -> l.startsWith("#")).toList();
        assertFalse(imported.remarks().isEmpty());
        for (Diagnostic remark : imported.remarks()) {
            assertFalse(remark.severity() == Severity.ERROR);
            String begins = "# " + remark.span().orElseThrow() + ": ";
            assertTrue(comments.stream().anyMatch(line -> line.startsWith(begins) && line.contains(remark.what())),
                    remark::toString);
        }
    }

    /** There is the built-in image alone, and no apply waits for the end of a job. */
    @ParameterizedTest
    @MethodSource("files")
    void nothingIsAdvisedThatCannotBeDone(String name) throws IOException {
        for (Diagnostic remark : imported(name).remarks()) {
            String text = remark.why() + " " + remark.fix();
            assertFalse(text.contains("build a guest image") || text.contains("into its image")
                    || text.contains("and apply waits"), remark::toString);
        }
    }

    @Test
    void whatIsNotCarriedOverIsCountedApart() throws IOException {
        Imported node = imported("node.smolfile");
        assertEquals(1, node.losses(), node.remarks()::toString);
        assertEquals(2, node.remarks().size() - node.losses(), node.remarks()::toString);
    }
}
