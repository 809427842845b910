package dev.provision.provisioner.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

class ImportCommandTest {

    private static final String COMPOSE = "services: { web: { image: builtin, cpus: 1, mem_limit: 256m, volumes: ['./a:/a'] } }\n";
    private static final String LOSSY = "services: { web: { image: nginx } }\n";

    @TempDir
    private Path folder = Path.of("");

    private Path file(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, text);
    }

    private static Typed compose(Object... arguments) {
        String[] words = new String[arguments.length + 2];
        words[0] = "import";
        words[1] = "compose";
        for (int i = 0; i < arguments.length; i++) {
            words[i + 2] = arguments[i].toString();
        }
        return Typed.run(words);
    }

    @Test
    void theManifestGoesToStandardOutputAndRemarksToStandardError() throws IOException {
        Typed typed = compose(file("app/compose.yaml", LOSSY));
        assertEquals(0, typed.exitCode(), typed.err());
        assertTrue(typed.out().startsWith("# Imported from the Compose file compose.yaml.\n"), typed.out());
        assertTrue(typed.out().contains("\nfleet: app\n"), typed.out());
        assertTrue(typed.err().contains("warning[PRV-0401]: the image `nginx` is not carried over"), typed.err());
        assertTrue(typed.err().endsWith("compose.yaml: 1 machine; 1 thing not carried over as it is; 1 note\n"),
                typed.err());
    }

    @Test
    void whatIsWrittenIsValid() throws IOException {
        Path out = folder.resolve("machines.yaml");
        Typed typed = compose(file("app/compose.yaml", COMPOSE), "-o", out, "--fleet", "shop");
        assertEquals(0, typed.exitCode(), typed.err());
        assertEquals("", typed.out());
        assertTrue(Files.readString(out).contains("volumes: ['./app/a:/a']"), Files.readString(out));
        assertTrue(typed.err().contains("1 machine; everything is carried over"), typed.err());
        Typed validated = Typed.run("validate", out.toString());
        assertTrue(validated.out().contains("fleet shop with 1 machine is valid"), validated.err());
    }

    @Test
    void nothingIsOverwrittenWithoutForce() throws IOException {
        Path out = file("machines.yaml", "mine");
        Path in = file("compose.yaml", COMPOSE);
        Typed refused = compose(in, "-o", out);
        assertEquals(2, refused.exitCode());
        assertTrue(refused.err().contains("exists already") && refused.err().contains("--force"), refused.err());
        assertEquals("mine", Files.readString(out));
        assertEquals(0, compose(in, "-o", out, "--force").exitCode());
        assertTrue(Files.readString(out).contains("machines:"));
    }

    @Test
    void strictWritesNothingWhenSomethingIsLost() throws IOException {
        Path out = folder.resolve("machines.yaml");
        Typed refused = compose(file("compose.yaml", LOSSY), "--strict", "-o", out);
        assertEquals(ExitCode.REFUSED.number(), refused.exitCode());
        assertFalse(Files.exists(out));
        assertEquals("", compose(file("compose.yaml", LOSSY), "--strict").out());
        Typed accepted = compose(file("compose.yaml", COMPOSE), "--strict");
        assertEquals(0, accepted.exitCode(), accepted.err());
        assertTrue(accepted.out().contains("machines:"));
    }

    @Test
    void smolfilesAreNamedAfterTheirFolder() throws IOException {
        Typed typed = Typed.run("import", "smolfile", file("My App/Smolfile", "cpus = 2\n").toString());
        assertEquals(0, typed.exitCode(), typed.err());
        assertTrue(typed.out().contains("fleet: my-app\n") && typed.out().contains("\n  my-app:\n"), typed.out());
        Typed named = Typed.run("import", "smolfile", file("x/node.smolfile", "cpus = 2\n").toString());
        assertTrue(named.out().contains("fleet: x\n") && named.out().contains("\n  node:\n"), named.out());
    }

    @ParameterizedTest
    @ValueSource(strings = {"smolfile", "compose"})
    void filesThatCannotBeReadAreDiagnosed(String kind) throws IOException {
        Path binary = Files.write(folder.resolve("binary"), new byte[]{(byte) 0xff, 0, 1, 2, (byte) 0xc0});
        Path zeros = Files.write(folder.resolve("zeros"), new byte[1000]);
        Path large = Files.write(folder.resolve("large"), "# more\n".repeat(300_000).getBytes(StandardCharsets.UTF_8));
        Path garbage = file("garbage", "}{ = : [\n\t- ]");
        Path deep = file("deep", "services: ".repeat(1) + "[".repeat(50_000));
        Path other = file("other", "hello = \"world\"\n");
        for (Path file : new Path[]{binary, zeros, large, garbage, deep, other, folder, folder.resolve("missing")}) {
            Typed typed = Typed.run("import", kind, file.toString());
            assertEquals(ExitCode.INVALID.number(), typed.exitCode(), file + "\n" + typed.err());
            assertTrue(typed.err().startsWith("error[PRV-"), file + "\n" + typed.err());
            assertTrue(typed.err().contains("fix:"), file + "\n" + typed.err());
            assertFalse(typed.err().contains("\tat ") || typed.err().contains("bug"), typed.err());
            assertEquals("", typed.out());
        }
    }

    @Test
    void aFileCalledJsonIsNoFormat() throws IOException {
        Typed typed = compose(file("compose.yaml", "nothing"), "-o", "json");
        assertEquals(ExitCode.INVALID.number(), typed.exitCode());
        assertEquals("", typed.out());
        assertEquals("", compose("-o", "json").out());
    }

    @Test
    void placesThatCannotBeWrittenAreSaid() throws IOException {
        Typed typed = compose(file("compose.yaml", COMPOSE), "-o", folder.resolve("no/such/folder.yaml"));
        assertEquals(ExitCode.HOST.number(), typed.exitCode());
        assertTrue(typed.err().contains("cannot be written: there is no folder " + folder.resolve("no/such")),
                typed.err());
        Typed onto = compose(file("compose.yaml", COMPOSE), "-o", folder, "--force");
        assertTrue(onto.err().contains("cannot be written: it is a folder"), onto.err());
    }

    @Test
    void fleetsAreLabels() throws IOException {
        Typed typed = compose(file("compose.yaml", COMPOSE), "--fleet", "My Shop");
        assertEquals(ExitCode.USAGE.number(), typed.exitCode());
        assertTrue(typed.err().contains("such as my-shop"), typed.err());
    }

    @Test
    void whatIsImportedCannotSteerTheTerminal() throws IOException {
        Typed typed = compose(
                file("compose.yaml", "services: {a: {image: \"x\\e[31mred\\n# y\", \"k\\e]0;t\\a\\n\": 1}}"));
        assertEquals(0, typed.exitCode(), typed.err());
        assertFalse((typed.out() + typed.err()).contains("\u001b"), typed.out());
        assertEquals(0, Typed.run("validate", file("out.yaml", typed.out()).toString()).exitCode(), typed.out());
    }
}
