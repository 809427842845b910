package dev.provision.provisioner.imports;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

import org.junit.jupiter.api.Test;

import dev.provision.schema.diagnostics.Code;
import dev.provision.schema.diagnostics.Diagnostic;
import dev.provision.schema.diagnostics.Problems;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Files that are nearly right: whatever becomes of them is a valid manifest or a diagnostic, never an exception. */
class MutationTest {

    private static final int ROUNDS = Integer.getInteger("imports.mutations", 1500);

    private static final List<String> BITS = List.of("${", "}", "$", "$$", ":", "::", "- ", "[", "]", "{", "\n  ", "\"",
            "'", "null", "~", "\u0085", "\u2028", "\u0000", "😀", "&a ", "*a", "<<: ", "0", "-1", "99999999999999",
            "1e9",
            "no", "12:30", ",", "=", "#", "\t", "${A:-", "${A?", "../", "/", "x-", "|", "\\", "80-90:80-90");

    private final Random random = new Random(20_260_821);
    private int converted;

    @Test
    void nothingButManifestsAndDiagnostics() throws IOException {
        List<String> names = GoldenImportsTest.files();
        List<String> texts = new ArrayList<>();
        for (String name : names) {
            texts.add(Files.readString(Path.of("src/test/resources/imports", name)));
        }
        for (int round = 0; round < ROUNDS; round++) {
            int file = random.nextInt(names.size());
            check(names.get(file), mutated(texts.get(file)));
        }
        assertTrue(converted > ROUNDS / 10, "only " + converted + " of " + ROUNDS + " were still files of their kind");
    }

    private void check(String name, String text) {
        Problems problems = new Problems();
        Optional<Imported> imported = Conversions.convert(name, text, problems);
        assertEquals(imported.isEmpty(), problems.hasErrors(), text);
        if (imported.isPresent()) {
            converted++;
            List<Diagnostic> mistakes = Conversions.mistakes(imported.get());
            // Services that wait for each other do so in Compose, too, which refuses to start them.
            assertTrue(mistakes.stream().allMatch(mistake -> mistake.code() == Code.DEPENDENCY_CYCLE),
                    () -> mistakes + "\n" + text);
        }
    }

    private String mutated(String text) {
        StringBuilder result = new StringBuilder(text);
        for (int change = random.nextInt(3); change >= 0; change--) {
            int at = random.nextInt(result.length());
            switch (random.nextInt(3)) {
                case 0 -> result.insert(at, BITS.get(random.nextInt(BITS.size())));
                case 1 -> result.delete(at, Math.min(result.length(), at + 1 + random.nextInt(12)));
                default -> replaceValue(result, at);
            }
        }
        return result.toString();
    }

    /** The rest of a line becomes something else, as when somebody fills in the wrong value. */
    private void replaceValue(StringBuilder text, int at) {
        int blank = text.indexOf(" ", at);
        int end = text.indexOf("\n", Math.max(0, blank));
        if (blank >= 0 && end > blank) {
            text.replace(blank + 1, end, BITS.get(random.nextInt(BITS.size())));
        }
    }
}
