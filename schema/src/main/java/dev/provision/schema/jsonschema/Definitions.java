package dev.provision.schema.jsonschema;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/** The schemas under {@code $defs}, each made once and with a name of its own. */
final class Definitions {

    private final Map<String, Object> byName = new LinkedHashMap<>();
    private final Map<String, Object> subjects = new HashMap<>();

    /**
     * A schema that refers to the definition of this name, which is made when nobody has asked for it before.
     *
     * @param subject
     *            what the definition defines; two of them cannot have one name
     */
    Map<String, Object> reference(String name, Object subject, Supplier<Map<String, Object>> definition) {
        Object other = subjects.putIfAbsent(name, subject);
        if (other == null) {
            byName.put(name, Map.of());
            byName.put(name, definition.get());
        } else if (!other.equals(subject)) {
            throw new IllegalStateException(name + " would be the name of " + other + " and " + subject);
        }
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put("$ref", "#/$defs/" + name);
        return schema;
    }

    Map<String, Object> all() {
        return byName;
    }
}
