package dev.provision.schema.manifest;

import jakarta.validation.constraints.Pattern;

import org.jspecify.annotations.Nullable;

import dev.provision.schema.binding.FromScalar;
import dev.provision.schema.binding.Key;

/** A network that a machine is in, as written. */
// @formatter:off
public record NetworkUse(
        @Key(value = "name of a network of this fleet", required = true, examples = "lab")
        @Nullable String name,

        @Key(value = "the machine's IPv4 address on it, inside of the network's `subnet`", otherwise = "one is chosen, and kept",
                examples = "10.77.0.10")
        @Pattern(regexp = "((25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])\\.){3}(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])",
                message = "must be an IPv4 address such as 10.77.0.10")
        @Nullable String address) {
    // @formatter:on

    @FromScalar("the name of a network")
    static NetworkUse of(String text) {
        return new NetworkUse(text, null);
    }
}
