package dev.provision.schema.jsonschema;

import java.util.LinkedHashMap;
import java.util.Map;

import dev.provision.schema.binding.RecordShape;
import dev.provision.schema.manifest.ManifestEntry;

/**
 * Generates the JSON Schema (draft 2020-12) of the manifest, for editors. It lets through what it cannot say, such as bounds of
 * sizes that have a unit; what it refuses, the reader refuses too.
 */
public final class JsonSchema {

    private static final String ID = "urn:provision:manifest:1";
    private static final String DESCRIPTION = "A fleet of microVMs: what `provision` makes of a host. "
            + "Every value can be a reference to a variable, and null takes back what a lower layer says. "
            + "Generated from the records that manifests are bound to; docs/manifest.md is the reference.";

    private JsonSchema() {}

    /** The schema as text, ending with a newline. */
    public static String generate() {
        Definitions definitions = new Definitions();
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put("$schema", "https://json-schema.org/draft/2020-12/schema");
        schema.put("$id", ID);
        schema.put("title", "provision manifest");
        schema.put("description", DESCRIPTION);
        schema.putAll(
                new RecordSchemas(definitions).mapping(RecordShape.of(ManifestEntry.class), Place.ROOT, "#", null));
        schema.put("$defs", definitions.all());
        return JsonText.of(schema);
    }
}
