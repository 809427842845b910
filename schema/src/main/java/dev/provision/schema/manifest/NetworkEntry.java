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
        @Nullable String subnet,
        @Key(value = "Linux bridge of the host that its machines are on; takes root and `subnet`. One that is not there is made "
                + "with the address of `subnet` that is kept for the host, and removed after the last machine",
                otherwise = "frames stay among the VMMs, and no root is needed",
                change = "restart: network devices are given when a machine boots", examples = "br-lab")
        @Pattern(regexp = "[a-z0-9-]{1,15}",
                message = "must be 1 to 15 lower-case letters, digits and dashes: the name of a network device of Linux")
        @Nullable String bridge) {}
// @formatter:on
