package dev.provision.schema.assembly;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

import dev.provision.schema.diagnostics.Code;
import dev.provision.schema.diagnostics.Diagnostic;
import dev.provision.schema.diagnostics.Problems;
import dev.provision.schema.diagnostics.Suggestion;
import dev.provision.schema.document.Node.Mapping;
import dev.provision.schema.document.Node.Scalar;

/**
 * The variables that a document declares and their values: from the command line, else from the environment where the
 * declaration names a variable of it, else the one in the file. Nothing leaks in that the file does not name.
 */
final class Variables {

    static final String SECTION = "variables";

    private final Mapping declared;
    private final Map<String, String> given;
    private final Map<String, String> environment;

    private Variables(Mapping declared, Map<String, String> given, Map<String, String> environment) {
        this.declared = declared;
        this.given = given;
        this.environment = environment;
    }

    static Variables of(Mapping root, Inputs inputs, Problems problems) {
        Variables variables = new Variables(root.child(SECTION), inputs.variables(), inputs.environment());
        for (String name : new TreeMap<>(inputs.variables()).keySet()) {
            if (!variables.isDeclared(name)) {
                Diagnostic problem = Diagnostic
                        .error(Code.UNKNOWN_VARIABLE,
                                "the manifest declares no variable `" + name + "`, but a value was given for it")
                        .fix(Suggestion.text(name, variables.declared.entries().keySet(),
                                "declare it under `variables:`"));
                problems.add(Optional.ofNullable(inputs.places().get(name)).map(problem::at).orElse(problem));
            }
        }
        return variables;
    }

    boolean isDeclared(String name) {
        return declared.entries().containsKey(name);
    }

    Set<String> names() {
        return declared.entries().keySet();
    }

    /** The value; empty when the variable is not declared, or is declared without one. */
    Optional<String> value(String name) {
        if (!isDeclared(name)) {
            return Optional.empty();
        }
        return Optional.ofNullable(given.get(name)).or(() -> fromEnvironment(name)).or(() -> fromFile(name));
    }

    private Optional<String> fromEnvironment(String name) {
        return text(declared.child(name), "env").flatMap(variable -> Optional.ofNullable(environment.get(variable)));
    }

    /** In it two dollars are one, as in every other value. */
    private Optional<String> fromFile(String name) {
        return text(declared, name).or(() -> text(declared.child(name), "value")).map(text -> text.replace("$$", "$"));
    }

    private static Optional<String> text(Mapping mapping, String key) {
        var entry = mapping.entries().get(key);
        return entry != null && entry.value() instanceof Scalar scalar && !scalar.isNull() ? Optional.of(scalar.text())
                : Optional.empty();
    }
}
