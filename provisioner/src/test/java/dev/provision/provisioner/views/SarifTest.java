package dev.provision.provisioner.views;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion.VersionFlag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import dev.provision.schema.diagnostics.Code;
import dev.provision.schema.diagnostics.Diagnostic;
import dev.provision.schema.diagnostics.SourceText;
import dev.provision.schema.diagnostics.Span;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** SARIF 2.1.0 by its official schema, and what that cannot say by hand. */
class SarifTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    private static JsonNode run(List<Diagnostic> problems) {
        return JSON.<JsonNode>valueToTree(Samples.sarif(problems)).path("runs").path(0);
    }

    private static Diagnostic at(String file, int line, String text) {
        SourceText source = new SourceText(file, "\n".repeat(line - 1) + text + "\n");
        return Diagnostic.error(Code.UNKNOWN_KEY, new Span(source, line, 3, 4), "unknown key `x`");
    }

    /** OASIS's own file, as the library that was generated from it carries it. */
    @Test
    void conformsToTheOfficialSchema() throws IOException {
        try (InputStream schema = Objects
                .requireNonNull(ClassLoader.getSystemResourceAsStream("schema/sarif-schema-2.1.0.json"))) {
            var validator = JsonSchemaFactory.getInstance(VersionFlag.V7).getSchema(schema);
            for (List<Diagnostic> problems : List.of(List.<Diagnostic>of(), Samples.problems())) {
                JsonNode log = JSON.valueToTree(Samples.sarif(problems));
                assertEquals(List.of(), List.copyOf(validator.validate(log,
                        context -> context.getExecutionConfig().setFormatAssertionsEnabled(true))));
            }
            JsonNode broken = JSON.readTree("{\"version\": \"2.1.0\", \"runs\": [{\"results\": [{}]}]}");
            assertFalse(validator.validate(broken).isEmpty(), "the schema is looked at");
        }
    }

    @Test
    void everyResultNamesItsRuleAndEveryRuleIsExplained() {
        JsonNode run = run(Samples.problems());
        JsonNode rules = run.path("tool").path("driver").path("rules");
        assertEquals("utf16CodeUnits", run.path("columnKind").asText());
        assertEquals(Samples.problems().size(), run.path("results").size());
        run.path("results").forEach(result -> {
            JsonNode rule = rules.path(result.path("ruleIndex").asInt());
            assertEquals(rule.path("id").asText(), result.path("ruleId").asText());
            assertTrue(List.of("error", "warning", "note").contains(result.path("level").asText()), result::toString);
            assertEquals(1, result.path("locations").size(), "viewers drop what is nowhere");
        });
        assertEquals(new HashSet<>(List.of("error", "warning", "note")),
                new HashSet<>(run.path("results").findValuesAsText("level")));
        rules.forEach(rule -> {
            assertTrue(rule.path("name").asText().matches("([A-Z][a-z]+)+"), rule::toString);
            assertFalse(rule.path("shortDescription").path("text").asText().isEmpty());
            assertFalse(rule.path("fullDescription").path("text").asText().isEmpty());
            assertTrue(
                    rule.path("help").path("text").asText().contains("provision explain " + rule.path("id").asText()));
            assertTrue(rule.path("help").path("markdown").asText().startsWith("# " + rule.path("id").asText()));
            assertTrue(rule.path("help").path("text").asText().contains("\n## How to fix it\n"), rule::toString);
        });
    }

    @Test
    void noAddressIsNamedThatHoldsOnOneMachineOnly() {
        JsonNode log = JSON.valueToTree(
                new Sarif(Optional.empty(), Path.of("m.yaml"), Path.of("")).log(Samples.problems()));
        assertEquals(List.of(), log.findValues("helpUri"));
        assertFalse(log.toString().contains("file://"), log::toString);
        assertEquals(List.of("2.1.0"), log.findValuesAsText("version"), "of SARIF, none of the program");
    }

    @ParameterizedTest
    @CsvSource({"machines.yaml, machines.yaml", "./ci/../machines.yaml, machines.yaml",
        "a b/größe#1.yaml, a%20b/gr%C3%B6%C3%9Fe%231.yaml", "c:x.yaml, c%3Ax.yaml", "100%.yaml, 100%25.yaml",
        "/home/ann lee/repo/x.yaml, x.yaml"})
    void filesAreNamedRelativeToTheFolder(String file, String uri) {
        assertEquals(Map.of("uri", uri, "uriBaseId", "%SRCROOT%"),
                new ArtifactUri(Path.of("/home/ann lee/repo")).location(Path.of(file)));
    }

    @ParameterizedTest
    @CsvSource({"../x y.yaml, file:///home/ann/x%20y.yaml", "/etc/ü.yaml, file:///etc/%C3%BC.yaml"})
    void filesElsewhereAreAbsolute(String file, String uri) {
        assertEquals(Map.of("uri", uri), new ArtifactUri(Path.of("/home/ann/repo")).location(Path.of(file)));
    }

    private static List<String> fingerprints(Diagnostic... problems) {
        return run(List.of(problems)).findValuesAsText("problemText/v1");
    }

    @Test
    void fingerprintsStayWhenLinesMove() {
        assertEquals(fingerprints(at("m.yaml", 4, "  memry: 1GiB")),
                fingerprints(at("m.yaml", 40, "      memry: 1GiB")));
        assertNotEquals(fingerprints(at("m.yaml", 4, "  memry: 1GiB")), fingerprints(at("m.yaml", 4, "  memry: 2GiB")));
    }

    @Test
    void equalProblemsHaveFingerprintsOfTheirOwn() {
        List<String> two = fingerprints(at("m.yaml", 4, "  memry: 1GiB"), at("m.yaml", 9, "  memry: 1GiB"));
        assertEquals(2, new HashSet<>(two).size());
        assertEquals(two.getFirst(), fingerprints(at("m.yaml", 5, "  memry: 1GiB")).getFirst());
    }

    @Test
    void ofALongLineThePlaceCounts() {
        List<Diagnostic> problems = new ArrayList<>();
        SourceText source = new SourceText("m.yaml", "0123456789".repeat(100));
        for (int column : List.of(1, 302)) {
            problems.add(Diagnostic.error(Code.UNKNOWN_KEY, new Span(source, 1, column, 1), "unknown key `x`"));
        }
        List<String> two = fingerprints(problems.toArray(Diagnostic[]::new));
        assertTrue(two.stream().allMatch(fingerprint -> fingerprint.endsWith(":1")), two.toString());
    }
}
