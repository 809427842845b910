package dev.provision.schema.manifest;

import org.jspecify.annotations.Nullable;

import dev.provision.schema.binding.FromScalar;
import dev.provision.schema.binding.Key;

/**
 * A variable as declared: its value, or where that comes from.
 *
 * @param value
 *            the value where nobody gives another
 */
// @formatter:off
public record VariableEntry(
        @Key(value = "the environment variable that it takes its value from, where that is set", otherwise = "none",
                examples = "CI_COMMIT_SHA")
        @Nullable String env,

        @Key(value = "the value where nobody gives another one", otherwise = "none", examples = {"\"12\"", "1GiB"})
        @Nullable String value) {
    // @formatter:on

    @FromScalar("a text")
    static VariableEntry of(String text) {
        return new VariableEntry(null, text);
    }
}
