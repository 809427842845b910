package dev.provision.schema.jsonschema;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion.VersionFlag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.yaml.snakeyaml.Yaml;

import dev.provision.schema.GoldenFile;
import dev.provision.schema.ManifestReader;
import dev.provision.schema.diagnostics.Problems;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

class JsonSchemaTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** As an editor sees it: YAML's own types. */
    private static List<String> violations(Path manifest) throws IOException {
        JsonNode tree = JSON.valueToTree(new Yaml().load(Files.readString(manifest)));
        return JsonSchemaFactory.getInstance(VersionFlag.V202012)
                .getSchema(JsonSchema.generate())
                .validate(tree)
                .stream()
                .map(Object::toString)
                .toList();
    }

    @Test
    void theFileIsUpToDate() throws IOException {
        GoldenFile.check(Path.of("machines.schema.json"), JsonSchema.generate());
    }

    @Test
    void theSchemaItselfIsValid() throws IOException {
        var metaSchema = JsonSchemaFactory.getInstance(VersionFlag.V202012)
                .getSchema(com.networknt.schema.SchemaLocation.of("https://json-schema.org/draft/2020-12/schema"));
        assertEquals(List.of(), List.copyOf(metaSchema.validate(JSON.readTree(JsonSchema.generate()))));
    }

    @ParameterizedTest
    @ValueSource(strings = {"src/test/resources/manifests/full.yaml", "src/test/resources/manifests/small.yaml",
        "src/test/resources/manifests/texts.yaml",
        "../machines.yaml.example", "src/test/resources/changes.yaml"})
    void goodManifestsConform(String name) throws IOException {
        Path manifest = Path.of(name);
        Problems problems = new Problems();
        assertTrue(ManifestReader.read(manifest, problems).isPresent(), () -> problems.sorted().toString());
        assertEquals(List.of(), violations(manifest));
    }

    @ParameterizedTest
    @ValueSource(strings = {"empty", "not-a-mapping", "unknown-keys", "wrong-types", "bad-quantities", "host",
        "machines-without-value", "missing-fleet", "out-of-range"})
    void badManifestsDoNot(String name) throws IOException {
        assertFalse(violations(Path.of("src/test/resources/diagnostics", name + ".yaml")).isEmpty());
    }
}
