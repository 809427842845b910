package dev.provision.schema.manifest;

import java.util.Map;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Pattern;

import org.jspecify.annotations.Nullable;

import dev.provision.schema.binding.Key;

/**
 * The whole file as written. Its own constraints are for the JSON Schema and the reference: the version is checked by the
 * reader, names by the resolver, which can say whose they are.
 */
// @formatter:off
public record ManifestEntry(
        @Key(value = "version of the manifest language: 1", required = true, examples = "1")
        @Min(1) @Max(1) @Nullable Integer version,

        @Key(value = "name of the fleet; it owns the machines it creates", required = true, examples = "ci-lab")
        @Pattern(regexp = ManifestEntry.LABEL, message = ManifestEntry.LABEL_RULE) @Nullable String fleet,

        @Key(value = "other files that add to this one, relative to it", otherwise = "none",
                examples = {"parts/db.yaml", "[parts/db.yaml, parts/web.yaml]"})
        @Nullable Names include,

        @Key(value = "values that `${NAME}` stands for", literal = true, otherwise = "none",
                examples = "{ TAG: \"12\", SIZE: { env: CI_SIZE, value: 1GiB } }")
        @Nullable Map<@Pattern(regexp = ManifestEntry.VARIABLE, message = ManifestEntry.VARIABLE_RULE) String, VariableEntry> variables,

        @Key(value = "what this fleet may take from the host",
                examples = "{ pool: { cpus: 8, memory: 4GiB } }")
        @Nullable HostEntry host,

        @Key(value = "networks between machines of this fleet, by name", otherwise = "none",
                examples = "{ lab: { subnet: 10.77.0.0/24 } }")
        @Nullable Map<@Pattern(regexp = ManifestEntry.LABEL, message = ManifestEntry.LABEL_RULE) String, NetworkEntry> networks,

        @Key(value = "what every machine has unless a profile or the machine itself says otherwise",
                otherwise = "nothing", partial = true, as = "machine", without = "extends",
                examples = "{ image: builtin, resources: { cpus: 1, memory: 512MiB } }")
        @Nullable MachineEntry defaults,

        @Key(value = "named sets of keys that machines can take over", otherwise = "none",
                partial = true, as = "profile", without = "profile",
                examples = "{ small: { resources: { memory: 256MiB } } }")
        @Nullable Map<String, MachineEntry> profiles,

        @Key(value = "the machines, by name", required = true, partial = true, as = "machine", without = "extends",
                examples = "{ db: { resources: { memory: 1GiB } }, web: { count: 3 } }")
        @Nullable Map<@Pattern(regexp = ManifestEntry.LABEL, message = ManifestEntry.LABEL_RULE) String, MachineEntry> machines) {
    // @formatter:on

    /** RFC 1123 label: a machine's name is its host name, a fleet's name a folder's. */
    public static final String LABEL = "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?";

    /** What a reference can name. */
    public static final String VARIABLE = "[A-Za-z_][A-Za-z0-9_]*";

    static final String VARIABLE_RULE = "must be letters, digits and underscores, beginning with no digit";
    static final String LABEL_RULE = "must be 1 to 63 lower-case letters, digits and dashes, not beginning or ending with a dash";
}
