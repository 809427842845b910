package dev.provision.provisioner.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** {@code plan --graph}: in a pool that does not depend on this host, under software emulation, which every host has. */
class PlanGraphTest {

    private final PrintStream realOut = System.out;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    @TempDir
    private Path folder = Path.of("");

    @BeforeEach
    void capture() {
        System.setOut(new PrintStream(bytes, true, StandardCharsets.US_ASCII));
    }

    @AfterEach
    void release() {
        System.setOut(realOut);
    }

    private Typed plan(String memory, String... more) throws IOException {
        String manifest = Files.writeString(folder.resolve("m.yaml"), """
                version: 1
                fleet: graph-test
                machines:
                  db: { resources: { cpus: 0.001, memory: 128MiB } }
                  web: { resources: { cpus: 0.001, memory: 128MiB }, dependsOn: { db: ready } }
                """).toString();
        String[] words = new String[more.length + 8];
        System.arraycopy(new String[]{"plan", "--accel", "tcg", "--cpus", "1", "--mem", memory, manifest}, 0, words, 0,
                8);
        System.arraycopy(more, 0, words, 8, more.length);
        return Typed.run(words);
    }

    @ParameterizedTest
    @CsvSource({"dot, digraph provision {", "Mermaid, flowchart LR", "svg, <?xml version=\"1.0\" encoding=\"UTF-8\"?>",
        "HTML, <!DOCTYPE html>"})
    void theDocumentAloneIsOnStandardOutput(String format, String begins) throws IOException {
        Typed typed = plan("1GiB", "--graph", format);
        assertEquals(0, typed.exitCode(), typed.err());
        assertEquals("", typed.out(), "all of it as UTF-8");
        String document = bytes.toString(StandardCharsets.UTF_8);
        assertTrue(document.startsWith(begins + "\n") && document.contains("fleet graph-test"), document);
        assertTrue(document.contains("web") && document.contains("2 machines"), document);
    }

    @Test
    void aSavedPlanIsDrawnAsItWas() throws IOException {
        Path saved = folder.resolve("plan.json");
        Typed typed = plan("1GiB", "--graph=svg", "--out", saved.toString());
        assertEquals(0, typed.exitCode(), typed.err());
        assertTrue(typed.out().isEmpty() && typed.err().contains("provision apply"), typed.out());
        byte[] drawn = bytes.toByteArray();
        bytes.reset();
        assertEquals(0, Typed.run("show", "--graph=svg", saved.toString()).exitCode());
        assertArrayEquals(drawn, bytes.toByteArray());
    }

    @Test
    void ofARefusedPlanDependenciesAreDrawn() throws IOException {
        Typed typed = plan("128MiB", "--graph=dot");
        assertEquals(4, typed.exitCode(), typed.err());
        assertTrue(typed.err().contains("PRV-0302") && typed.err().contains("no timeline is drawn"), typed.err());
        String document = bytes.toString(StandardCharsets.UTF_8);
        assertTrue(document.contains("This plan is refused") && document.contains("\"db\" -> \"web\""), document);
    }

    @Test
    void itIsOneFormOfOutput() throws IOException {
        Typed typed = plan("1GiB", "--graph=svg", "-o", "json");
        assertEquals(2, typed.exitCode());
        assertTrue(typed.err().contains("two forms of one output"), typed.err());
        assertEquals(2, plan("1GiB", "--graph=png").exitCode());
        assertEquals("", bytes.toString(StandardCharsets.UTF_8));
    }
}
