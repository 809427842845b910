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
public record VariableEntry(
        @Key("the environment variable that it takes its value from, where that is set") @Nullable String env,
        @Key("the value where nobody gives another one") @Nullable String value) {

    @FromScalar("a text")
    static VariableEntry of(String text) {
        return new VariableEntry(null, text);
    }
}
