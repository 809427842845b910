package dev.provision.schema.jsonschema;

import java.util.LinkedHashMap;
import java.util.Map;

/** References to variables, which may stand in every text that is not a key: as regular expressions, for editors. */
final class References {

    private static final String REFERENCE = "\\$\\{[A-Za-z_][A-Za-z0-9_]*(:\\?[^}]*|:-([^$}]|\\$(?!\\{))*)?\\}";
    private static final String DOLLAR = "\\$\\$|\\$(?![{$])";

    /** A text in which a dollar and a brace always begin a reference; two dollars are one. */
    static final String TEXT = "^[^$]*((" + DOLLAR + "|" + REFERENCE + ")[^$]*)*$";

    /** A text without references; two dollars are one. */
    static final String NONE = "^[^$]*((" + DOLLAR + ")[^$]*)*$";

    private static final String WITH_REFERENCE = "^[^$]*((" + DOLLAR + ")[^$]*)*" + REFERENCE + "[^$]*((" + DOLLAR
            + "|" + REFERENCE + ")[^$]*)*$";

    private References() {}

    /** A text that takes its value, or a part of it, from variables. */
    static Map<String, Object> schema() {
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put("type", "string");
        schema.put("pattern", WITH_REFERENCE);
        return schema;
    }
}
