package dev.provision.provisioner.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** {@code validate}, {@code explain} and {@code schema}: what needs no host. */
class ValidateCommandTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path folder = Path.of("");

    private String write(String name, String machines) throws IOException {
        return Files.writeString(folder.resolve(name), "version: 1\nfleet: lab\nmachines:\n" + machines).toString();
    }

    private static JsonNode json(Typed typed) throws IOException {
        return JSON.readTree(typed.out());
    }

    /** A system that no host facts can be had of: whoever asks for them fails. */
    private static Typed onAnUnknownSystem(String... arguments) {
        String system = System.getProperty("os.name");
        System.setProperty("os.name", "Plan 9");
        try {
            return Typed.run(arguments);
        } finally {
            System.setProperty("os.name", system);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-o json", "-o sarif", "--fill", "--fill -o json"})
    void withoutHostNoHostIsLookedAt(String options) throws IOException {
        String good = write("good.yaml", "  a: { resources: { cpus: 1000, memory: 8TiB } }\n");
        Typed typed = onAnUnknownSystem(("validate " + good + " " + options).strip().split(" "));
        assertEquals(0, typed.exitCode(), typed.err());
        assertEquals("", typed.err());
    }

    @Test
    void withHostItIs() throws IOException {
        Typed typed = onAnUnknownSystem("validate", "--host", write("good.yaml", "  a: {}\n"));
        assertEquals(5, typed.exitCode());
        assertTrue(typed.err().contains("Plan 9"), typed.err());
    }

    @ParameterizedTest
    @CsvSource({"text, 4", "json, 4", "sarif, 4"})
    void whatNoHostCanCarryIsRefused(String form, int exitCode) throws IOException {
        String huge = write("huge.yaml", "  a: { resources: { memory: 8TiB } }\n");
        Typed typed = Typed.run("validate", "--host", "--accel", "tcg", "-o", form, huge);
        assertEquals(exitCode, typed.exitCode(), typed.err());
        assertTrue((typed.out() + typed.err()).contains("PRV-0301"), typed.out() + typed.err());
    }

    @Test
    void aFixedPoolIsCheckedToo() throws IOException {
        String two = write("two.yaml", "  a: { count: 2, resources: { memory: 256MiB } }\n");
        Typed fits = Typed.run("validate", "--host", "--accel", "tcg", "--cpus", "2", "--mem", "512MiB", two);
        assertEquals(0, fits.exitCode(), fits.err());
        assertTrue(fits.out().endsWith("with 2 machines is valid and fits this host\n"), fits.out());
        Typed tight = Typed.run("validate", "--host", "--accel", "tcg", "--cpus", "2", "--mem", "300MiB", two);
        assertEquals(4, tight.exitCode());
        assertTrue(tight.err().contains("PRV-0302"), tight.err());
    }

    @ParameterizedTest
    @ValueSource(strings = {"--cpus 2 --mem 1GiB", "--accel tcg", "--fill -o sarif", "--max-problems 0",
        "--max-problems few", "-o yaml"})
    void optionsThatMeanNothingAreRefused(String options) throws IOException {
        Typed typed = Typed.run(("validate " + write("good.yaml", "  a: {}\n") + " " + options).split(" "));
        assertEquals(2, typed.exitCode(), typed.err());
        assertEquals("", typed.out());
    }

    @ParameterizedTest
    @CsvSource({"text, 3", "json, 3", "sarif, 3"})
    void everyFormHasTheSameExitCode(String form, int exitCode) throws IOException {
        String bad = write("bad.yaml", "  a: { resources: { memry: 1GiB } }\n");
        Typed typed = Typed.run("validate", "-o", form, bad);
        assertEquals(exitCode, typed.exitCode());
        assertTrue((typed.out() + typed.err()).contains("PRV-0101"), typed.out() + typed.err());
        assertEquals(form.equals("text"), typed.out().isEmpty(), typed.out());
        assertEquals(0, Typed.run("validate", "-o", form, write("good.yaml", "  a: {}\n")).exitCode());
    }

    @Test
    void sarifIsALogAlsoWhenThereIsNothingToSay() throws IOException {
        JsonNode run = json(Typed.run("validate", "-o", "sarif", write("good.yaml", "  a: {}\n"))).path("runs").path(0);
        assertTrue(run.path("results").isArray() && run.path("results").isEmpty(), run.toString());
        JsonNode missing = json(Typed.run("validate", "-o", "sarif", "no such.yaml")).path("runs").path(0);
        assertEquals("no%20such.yaml", missing.path("results").findValuesAsText("uri").getFirst());
    }

    @Test
    void theCapIsOfTextAlone() throws IOException {
        String bad = write("bad.yaml", IntStream.range(0, 60)
                .mapToObj(i -> "  m" + i + ": { nosuch: 1 }\n")
                .collect(Collectors.joining()));
        assertEquals(50, Typed.run("validate", bad).err().lines().filter(line -> line.startsWith("error[")).count());
        Typed three = Typed.run("validate", "--max-problems", "3", bad);
        assertEquals(3, three.err().lines().filter(line -> line.startsWith("error[")).count());
        assertTrue(three.err().contains("… and 57 more") || three.err().contains("... and 57 more"), three.err());
        assertTrue(Typed.run("plan", "--max-problems=all", bad).err().contains("`nosuch`\n"));
        assertEquals(60, Typed.run("apply", "--max-problems", "all", bad)
                .err()
                .lines()
                .filter(line -> line.startsWith("error["))
                .count());
        assertEquals(60,
                json(Typed.run("validate", "-o", "json", "--max-problems", "3", bad)).path("diagnostics").size());
    }

    @Test
    void fillPrintsAManifestAndNothingElse() throws IOException {
        String file = write("count.yaml", "  web: { count: 2 }\n");
        Typed typed = Typed.run("validate", "--fill", file);
        assertEquals("", typed.err());
        String filled = Files.writeString(folder.resolve("filled.yaml"), typed.out()).toString();
        assertEquals(typed.out(), Typed.run("validate", "--fill", filled).out());
        assertTrue(typed.out().contains("\n  web-0:\n") && typed.out().contains("\n  web-1:\n"), typed.out());
    }

    @Test
    void fillAsJson() throws IOException {
        JsonNode document = json(
                Typed.run("validate", "--fill", "-o", "json", write("one.yaml", "  a: { env: { B: $$$$ } }\n")));
        assertEquals(1, document.path("format").asInt());
        assertTrue(document.path("diagnostics").isEmpty());
        JsonNode machine = document.path("filled").path("machines").path("a");
        assertEquals("512MiB", machine.path("resources").path("memory").path("limit").asText());
        assertEquals(1, machine.path("resources").path("cpus").path("limit").asInt());
        assertEquals("$$", machine.path("env").path("B").asText(), "a program reads values, not references");
    }

    @Test
    void aBadManifestIsNotFilled() throws IOException {
        Typed typed = Typed.run("validate", "--fill", write("bad.yaml", "  a: { resources: [1] }\n"));
        assertEquals(3, typed.exitCode());
        assertEquals("", typed.out());
    }

    @ParameterizedTest
    @ValueSource(strings = {"PRV-0101", "prv-0101", "0101", "101"})
    void explainPrintsThePage(String code) throws IOException {
        Typed typed = Typed.run("explain", code);
        assertEquals(0, typed.exitCode());
        assertEquals(Files.readString(ExplainedPage.FOLDER.resolve("PRV-0101.md")).strip(), typed.out().strip());
    }

    @Test
    void explainPrintsSeveralPagesOrTheListOfThem() {
        Typed two = Typed.run("explain", "PRV-0101", "PRV-0102", "PRV-0101");
        assertEquals(2, two.out().lines().filter(line -> line.startsWith("# PRV-")).count());
        assertTrue(Typed.run("explain").out().contains("PRV-0101  the manifest language has no such key here\n"));
    }

    @Test
    void oneUnknownCodeHidesNoPage() {
        Typed typed = Typed.run("explain", "PRV-9999", "PRV-0108", "PRV-9998");
        assertEquals(2, typed.exitCode());
        assertTrue(typed.out().startsWith("# PRV-0108"), typed.out());
        assertTrue(typed.err().contains("there is no code `PRV-9999` and no `PRV-9998`"), typed.err());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            PRV-0191  | did you mean `PRV-0101`?
            PRV-0110  | did you mean `PRV-0101`?
            E0308     | list the codes: provision explain
            """)
    void unknownCodesAreGuessed(String code, String fix) {
        Typed typed = Typed.run("explain", code);
        assertEquals(2, typed.exitCode());
        assertTrue(typed.err().contains("there is no code `" + code + "`") && typed.err().contains(fix), typed.err());
        assertFalse(typed.err().contains("Usage"));
    }

    @Test
    void schemaIsThatOfTheProject() throws IOException {
        Typed typed = Typed.run("schema");
        assertEquals(0, typed.exitCode());
        assertEquals(Files.readString(Path.of("../schema/machines.schema.json")), typed.out());
    }
}
