package dev.provision.provisioner.cli;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What {@code provision fmt} does to files, and what it says. */
class FmtCommandTest {

    private static final String UNTIDY = "fleet: x # ä\nversion: 1\nmachines: { a: { resources: { mem: 1g } } }\n";
    private static final String TIDY = "version: 1\nfleet: x # ä\nmachines: { a: { resources: { memory: 1GiB } } }\n";
    private static final String DIFF = """
            --- a/%1$s
            +++ b/%1$s
            @@ -1,3 +1,3 @@
            -fleet: x # ä
             version: 1
            -machines: { a: { resources: { mem: 1g } } }
            +fleet: x # ä
            +machines: { a: { resources: { memory: 1GiB } } }
            """;

    private final PrintStream realOut = System.out;
    private final InputStream realIn = System.in;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    @TempDir
    private Path folder = Path.of("");

    /** Standard output of a process whose locale knows ASCII only: formatted text must not care. */
    @BeforeEach
    void captureStandardOutput() {
        System.setOut(new PrintStream(bytes, true, StandardCharsets.US_ASCII));
    }

    @AfterEach
    void restoreStandardStreams() {
        System.setOut(realOut);
        System.setIn(realIn);
    }

    private String exactOut() {
        return bytes.toString(StandardCharsets.UTF_8);
    }

    private Path write(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }

    private static void typeIn(String text) {
        System.setIn(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void filesAreFormattedAndListed() throws IOException {
        Path untidy = write("untidy.yaml", UNTIDY);
        Path tidy = write("tidy.yaml", TIDY);
        Typed typed = Typed.run("fmt", untidy.toString(), tidy.toString());
        assertEquals(new Typed(0, untidy + "\n", ""), typed);
        assertEquals(TIDY, Files.readString(untidy));
        assertEquals(new Typed(0, "", ""), Typed.run("fmt", untidy.toString()));
        assertEquals(List.of("tidy.yaml", "untidy.yaml"), names());
    }

    @Test
    void checkListsAndWritesNothing() throws IOException {
        Path untidy = write("untidy.yaml", UNTIDY);
        Path tidy = write("tidy.yml", TIDY);
        write("other.txt", UNTIDY);
        assertEquals(new Typed(6, untidy + "\n", ""), Typed.run("fmt", "--check", folder.toString()));
        assertEquals(UNTIDY, Files.readString(untidy));
        assertEquals(new Typed(0, "", ""), Typed.run("fmt", "--check", tidy.toString()));
    }

    @Test
    void diffPrintsAndWritesNothing() throws IOException {
        Path untidy = write("untidy.yaml", UNTIDY);
        assertEquals(new Typed(0, "", ""), Typed.run("fmt", "--diff", untidy.toString()));
        assertEquals(DIFF.formatted(untidy), exactOut());
        assertEquals(6, Typed.run("fmt", "--diff", "--check", untidy.toString()).exitCode());
        assertEquals(UNTIDY, Files.readString(untidy));
    }

    @Test
    void diffKnowsOfMissingLineBreaks() throws IOException {
        Path file = write("m.yaml", "version: 1\r\nfleet: x");
        assertEquals(0, Typed.run("fmt", "--diff", file.toString()).exitCode());
        assertTrue(exactOut().endsWith(" version: 1\r\n-fleet: x\n\\ No newline at end of file\n+fleet: x\r\n"),
                exactOut());
    }

    @Test
    void standardInputGoesToStandardOutput() {
        typeIn(UNTIDY);
        assertEquals(new Typed(0, "", ""), Typed.run("fmt", "-"));
        assertEquals(TIDY, exactOut());
    }

    @Test
    void standardInputCanBeCheckedToo() {
        typeIn(UNTIDY);
        assertEquals(new Typed(6, "<stdin>\n", ""), Typed.run("fmt", "--check", "-"));
        typeIn(UNTIDY);
        assertEquals(new Typed(0, "", ""), Typed.run("fmt", "--diff", "-"));
        assertEquals(DIFF.formatted("<stdin>"), exactOut());
    }

    @Test
    void brokenStandardInputPrintsNothingButWhy() {
        typeIn("a: [");
        Typed typed = Typed.run("fmt", "-");
        assertEquals(3, typed.exitCode());
        assertEquals("", typed.out() + exactOut());
        assertTrue(typed.err().contains("<stdin>:1:5"), typed.err());
    }

    @Test
    void filesCanBeNamedAsElsewhere() throws IOException {
        Path untidy = write("untidy.yaml", UNTIDY);
        assertEquals(new Typed(6, untidy + "\n", ""), Typed.run("fmt", "--check", "-f", untidy.toString()));
        typeIn(UNTIDY);
        assertEquals(new Typed(6, "<stdin>\n", ""), Typed.run("fmt", "--check", "--file", "-"));
    }

    @Test
    void standardInputAndFilesDoNotMix() {
        assertEquals(2, Typed.run("fmt", "-f", "-", "a.yaml").exitCode());
        assertEquals(2, Typed.run("fmt", "-", "a.yaml").exitCode());
    }

    @Test
    void oneBrokenFileKeepsNoOtherFromBeingFormatted() throws IOException {
        Path broken = write("broken.yaml", "machines: { a: { resources: { mem: 1, memory: 2 } } }\n");
        Path untidy = write("untidy.yaml", UNTIDY);
        Typed typed = Typed.run("fmt", broken.toString(), untidy.toString(), folder.resolve("gone.yaml").toString());
        assertEquals(3, typed.exitCode());
        assertEquals(untidy + "\n", typed.out());
        assertTrue(typed.err().contains("PRV-0106") && typed.err().contains("there is no file"), typed.err());
        assertTrue(typed.err().contains("2 errors; what has errors stays as it is\n"), typed.err());
        assertEquals(TIDY, Files.readString(untidy));
        assertTrue(Files.readString(broken).contains("mem: 1,"));
    }

    @Test
    void linksStayAndPermissionsToo() throws IOException {
        Path target = write("target.yaml", UNTIDY);
        Files.setPosixFilePermissions(target, PosixFilePermissions.fromString("rwxr-x-w-"));
        Path link = Files.createSymbolicLink(folder.resolve("link.yaml"), Path.of("target.yaml"));
        assertEquals(new Typed(0, link + "\n", ""), Typed.run("fmt", link.toString()));
        assertTrue(Files.isSymbolicLink(link));
        assertEquals(TIDY, Files.readString(target));
        assertEquals("rwxr-x-w-", PosixFilePermissions.toString(Files.getPosixFilePermissions(target)));
    }

    @Test
    void decimalUnitsAreNoted() throws IOException {
        Path file = write("m.yaml", "machines: { a: { resources: { memory: 4G } } }\n");
        Typed typed = Typed.run("fmt", file.toString());
        assertEquals(0, typed.exitCode());
        assertTrue(typed.err().startsWith("note[PRV-0108]: `4G` is decimal") && !typed.err().contains("stays"),
                typed.err());
    }

    @Test
    void jsonSaysWhatChangesAndWhatIsWrong() throws IOException {
        Path untidy = write("untidy.yaml", UNTIDY);
        Path broken = write("broken.yaml", "a: [\n");
        Typed typed = Typed.run("fmt", "--check", "--diff", "-o", "json", untidy.toString(), broken.toString());
        JsonNode document = new ObjectMapper().readTree(typed.out());
        assertEquals(3, typed.exitCode());
        assertEquals(1, document.path("files").size());
        assertEquals(untidy.toString(), document.path("files").path(0).path("file").asText());
        assertEquals(DIFF.formatted(untidy), document.path("files").path(0).path("diff").asText());
        assertEquals("PRV-0002", document.path("diagnostics").path(0).path("code").asText());
        assertFalse(document.path("files").path(0).has("text"));
    }
}
