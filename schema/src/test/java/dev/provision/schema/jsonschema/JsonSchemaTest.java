package dev.provision.schema.jsonschema;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import dev.provision.schema.GoldenFile;

import static org.junit.jupiter.api.Assertions.assertEquals;

class JsonSchemaTest {

    @Test
    void theFileIsUpToDate() throws IOException {
        GoldenFile.check(Path.of("machines.schema.json"), JsonSchema.generate());
    }

    @Test
    void theSchemaItselfIsValid() throws Exception {
        assertEquals(List.of(), EditorView.mistakesOfTheSchema());
    }

    /** A definition that nothing refers to, or a reference to none, is a mistake of the generator. */
    @Test
    void everyDefinitionIsReferredTo() throws IOException {
        JsonNode schema = new ObjectMapper().readTree(JsonSchema.generate());
        Set<String> named = new TreeSet<>();
        schema.get("$defs").fieldNames().forEachRemaining(name -> named.add("#/$defs/" + name));
        Set<String> referredTo = schema.findValuesAsText("$ref")
                .stream()
                .map(pointer -> pointer.replaceFirst("(#/\\$defs/[^/]*).*", "$1"))
                .collect(Collectors.toCollection(TreeSet::new));
        assertEquals(named, referredTo);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"machine | profile | true", "machine | extends | false",
        "profile | profile | false", "profile | extends | true", "profile | memory | false"})
    void keysAreOfferedWhereTheyHaveAMeaning(String definition, String key, boolean offered) throws IOException {
        JsonNode schema = new ObjectMapper().readTree(JsonSchema.generate());
        assertEquals(offered, schema.at("/$defs/" + definition + "/properties").has(key));
    }
}
