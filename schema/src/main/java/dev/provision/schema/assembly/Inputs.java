package dev.provision.schema.assembly;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import dev.provision.schema.diagnostics.Span;

/**
 * What a manifest is made of.
 *
 * @param files
 *            the manifest and its overlays, later ones laid over earlier ones; a folder stands for the .yaml and .yml files in
 *            it, which must not contradict each other
 * @param variables
 *            values given on the command line; each must be declared in the manifest
 * @param environment
 *            the process's environment; only names that the manifest declares are read
 * @param places
 *            where the values stand that a file gives
 */
public record Inputs(List<Path> files, Map<String, String> variables, Map<String, String> environment,
        Map<String, Span> places) {
    public Inputs {
        files = List.copyOf(files);
        variables = Map.copyOf(variables);
        environment = Map.copyOf(environment);
        places = Map.copyOf(places);
    }

    /** As above, with values that no file gives. */
    public Inputs(List<Path> files, Map<String, String> variables, Map<String, String> environment) {
        this(files, variables, environment, Map.of());
    }

    public static Inputs of(Path file) {
        return new Inputs(List.of(file), Map.of(), Map.of());
    }
}
