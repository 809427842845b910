package dev.provision.schema.jsonschema;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.PathType;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion.VersionFlag;
import com.networknt.schema.ValidationMessage;

import dev.provision.schema.document.Node;

/** What an editor that knows the schema says of a document. */
final class EditorView {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Set<String> OF_A_KEY = Set.of("additionalProperties", "propertyNames");

    private final JsonSchema schema;

    EditorView() {
        SchemaValidatorsConfig pointers = SchemaValidatorsConfig.builder().pathType(PathType.JSON_POINTER).build();
        schema = JsonSchemaFactory.getInstance(VersionFlag.V202012)
                .getSchema(dev.provision.schema.jsonschema.JsonSchema.generate(), pointers);
    }

    /**
     * The places, as JSON pointers, that are not as the schema wants them; none above another: where a value has several forms,
     * the others object to the whole of it.
     */
    Set<String> violations(Node root) {
        Set<String> all = schema.validate(JSON.valueToTree(CoreTypes.of(root)))
                .stream()
                .map(EditorView::place)
                .collect(Collectors.toCollection(LinkedHashSet::new));
        Set<String> above = all.stream()
                .flatMap(place -> Pointers.upwards(place).skip(1))
                .collect(Collectors.toSet());
        return all.stream()
                .filter(place -> !above.contains(place))
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    private static String place(ValidationMessage message) {
        String location = message.getInstanceLocation().toString();
        return OF_A_KEY.contains(message.getType()) ? Pointers.below(location, message.getProperty()) : location;
    }

    /** Whether the schema is one, by the schema of schemas. */
    static List<String> mistakesOfTheSchema() throws Exception {
        var meta = JsonSchemaFactory.getInstance(VersionFlag.V202012)
                .getSchema(com.networknt.schema.SchemaLocation.of("https://json-schema.org/draft/2020-12/schema"));
        return meta.validate(JSON.readTree(dev.provision.schema.jsonschema.JsonSchema.generate()))
                .stream()
                .map(ValidationMessage::getMessage)
                .toList();
    }
}
