package dev.provision.schema.manifest;

import jakarta.validation.constraints.Pattern;

import org.jspecify.annotations.Nullable;

import dev.provision.schema.binding.Key;

/** A network of the fleet as written. */
// @formatter:off
public record NetworkEntry(
        @Key(value = "IPv4 subnet, /8 to /29", otherwise = "one is chosen", examples = "10.77.0.0/24")
        @Pattern(regexp = "((25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])\\.){3}(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])/([89]|1[0-9]|2[0-9])",
                message = "must be an IPv4 subnet such as 10.77.0.0/24, from /8 to /29")
        @Nullable String subnet) {}
// @formatter:on
