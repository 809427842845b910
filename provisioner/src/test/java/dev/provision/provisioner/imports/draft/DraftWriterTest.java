package dev.provision.provisioner.imports.draft;

import java.util.List;
import java.util.Random;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.yaml.snakeyaml.Yaml;

import dev.provision.provisioner.imports.draft.Value.Block;
import dev.provision.provisioner.imports.draft.Value.Items;
import dev.provision.provisioner.imports.draft.Value.Text;
import dev.provision.provisioner.imports.source.Template;
import dev.provision.schema.ManifestReader;
import dev.provision.schema.diagnostics.Problems;
import dev.provision.schema.diagnostics.SourceText;
import dev.provision.schema.fleet.MachineSpec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

class DraftWriterTest {

    private static final String NASTY = " \t\n\r'\"\\$${}[],:#&*!|>%@`~-?=<.0aYnNoe\u0000\u0007\u0085\u00a0\u2028\u2029\ufeff\ud83d\ude00é";

    /** A manifest in which a text stands as value, in a list, as key and in a comment. */
    private static MachineSpec written(String text, String comment) {
        Value value = Value.text(Template.of(text));
        Block machine = new Block().put("env", new Block().put("A", value).put("B", value))
                .put("run",
                        new Block().put("command",
                                new Items(List.of(new Text("echo"), value, Value.text(Template.of("x" + text))))));
        String manifest = new DraftWriter().comments(List.of(comment))
                .entry("version", Value.word(1))
                .entry("fleet", new Text("f"))
                .entry("machines", new Block().put("a", machine, List.of(comment, "next")))
                .text();
        Problems problems = new Problems();
        return ManifestReader.read(new SourceText("m", manifest), problems)
                .orElseThrow(() -> new AssertionError(problems.sorted() + "\n" + manifest))
                .machines()
                .firstEntry()
                .getValue()
                .spec();
    }

    private static void survives(String text) {
        MachineSpec machine = written(text, text);
        assertEquals(text, machine.workload().env().get("A"));
        assertEquals(List.of("echo", text, "x" + text), machine.workload().command());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "no", "on", "Yes", "y", "N", "null", "Null", "nULL", "~", "12:30", "010", "0x1f",
        "1_000",
        "1e3", ".inf", "2001-01-01", "<<", "=", "true", "- a", "? a", "a: b", "a #b", "#", "&a", "*a", "!a", "|", ">",
        "%",
        "@", "`", "[a", "{a", "a,b", "'", "\"", "\\", "$", "$$", "${A}", "$${A}", "a\nb", "a\n\nb\n", "\n", " a\n  b",
        "a\n ",
        "\ta", "a\r\nb", "a\u0085b", "a\u2028b", "\ufeff", "😀", "ends with a blank ", "---", "..."})
    void textsSurvive(String text) {
        survives(text);
    }

    @Test
    void randomTextsSurvive() {
        Random random = new Random(7);
        for (int round = 0; round < 500; round++) {
            StringBuilder text = new StringBuilder();
            for (int length = random.nextInt(12); length > 0; length--) {
                int at = random.nextInt(NASTY.codePointCount(0, NASTY.length()));
                text.appendCodePoint(NASTY.codePointAt(NASTY.offsetByCodePoints(0, at)));
            }
            survives(text.toString().replace("\u0000", ""));
        }
    }

    /** Readers that take YAML 1.1's types for granted see texts too. */
    @ParameterizedTest
    @ValueSource(strings = {"no", "on", "12:30", "010", "null", "~", "", "1.0", "0x10", "2001-01-01"})
    void otherReadersSeeTextsToo(String text) {
        String yaml = new DraftWriter().entry("a", new Block().put("b", new Text(text))).text();
        assertEquals("{a={b=" + text + "}}", String.valueOf(assertInstanceOf(Object.class, new Yaml().load(yaml))));
    }

    @Test
    void shortValuesStandInOneLine() {
        Block size = new Block().put("size", Value.word("512MiB")).put("count", Value.word(2));
        Block block = new Block().put("a", size, List.of("about a"))
                .put("b", new Items(List.of(Value.word(false), new Text("no"))))
                .put("c", new Block().put("long", new Text("x".repeat(80))));
        assertEquals("""
                # first
                top:
                  # about a
                  a: {size: 512MiB, count: 2}
                  b: [false, 'no']
                  c:
                    long: %s
                """.formatted("x".repeat(80)),
                new DraftWriter().comments(List.of("first")).entry("none", new Block()).entry("top", block).text());
    }
}
