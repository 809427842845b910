package dev.provision.provisioner.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

class VariableFileOptionTest {

    @TempDir
    private Path folder = Path.of("");

    private Typed validate(String variables, String... more) throws IOException {
        Path manifest = Files.writeString(folder.resolve("m.yaml"),
                """
                        version: 1
                        fleet: x
                        variables: { MEMORY: , NAME: a }
                        machines:
                          a: { resources: { memory: "${MEMORY}" }, env: { N: "${NAME}" } }
                        """);
        Path file = Files.writeString(folder.resolve("x.env"), variables);
        String[] words = {"validate", "--fill", "--var-file", file.toString(), manifest.toString()};
        String[] all = Arrays.copyOf(words, words.length + more.length);
        System.arraycopy(more, 0, all, words.length, more.length);
        return Typed.run(all);
    }

    @Test
    void valuesAreThoseOfAnEnvFile() throws IOException {
        Typed typed = validate("export MEMORY = '300MiB' # enough\nNAME=\"b c\"\n");
        assertEquals(0, typed.exitCode(), typed.err());
        assertTrue(typed.out().contains("300MiB") && typed.out().contains("N: b c"), typed.out());
        assertTrue(validate("MEMORY=1GiB\n", "--var", "MEMORY=300MiB").out().contains("300MiB"));
    }

    @Test
    void undeclaredNamesHaveAPlaceAndAGuess() throws IOException {
        Typed typed = validate("MEMORY=300MiB\nNAMEE=hunter2\n");
        assertEquals(3, typed.exitCode());
        assertTrue(typed.err().contains("PRV-0007") && typed.err().contains("x.env:2:1")
                && typed.err().contains("did you mean `NAME`?"), typed.err());
        assertFalse(typed.err().contains("hunter2"), typed.err());
    }

    @Test
    void aFileThatCannotBeReadIsTheOnlyProblem() throws IOException {
        Typed bad = validate("MEMORY='300MiB\n");
        assertEquals(3, bad.exitCode());
        assertTrue(bad.err().contains("x.env:1:1") && bad.err().contains("1 error;"), bad.err());
        Path binary = Files.write(folder.resolve("binary"), new byte[]{(byte) 0xff, 0, 1});
        Typed typed = validate("MEMORY=1GiB\n", "--var-file", binary.toString());
        assertEquals(3, typed.exitCode());
        assertTrue(typed.err().contains("is not UTF-8 text") && typed.err().contains("1 error;"), typed.err());
        assertTrue(validate("MEMORY=1GiB\n", "--var-file", "no such").err().contains("--var-file"));
    }
}
