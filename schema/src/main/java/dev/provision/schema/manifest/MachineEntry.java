package dev.provision.schema.manifest;

import java.util.List;
import java.util.Map;

import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Pattern;

import org.jspecify.annotations.Nullable;

import dev.provision.schema.binding.Key;
import dev.provision.schema.fleet.Condition;
import dev.provision.schema.fleet.PortForward;

/** A machine, a profile or the defaults, as written. */
public record MachineEntry(
        @Key("profiles to take over; later ones win, then the machine's own keys") @Nullable Names profile,
        @Key("how many machines of this kind: NAME-0, NAME-1, …; without it one machine called NAME") @Min(value = 0, message = "must be at least 0") @Max(value = 100_000, message = "must be at most 100000") @Nullable Integer count,
        @Key("guest image; `builtin` unless told otherwise") @Pattern(regexp = "[A-Za-z0-9][A-Za-z0-9._-]{0,63}", message = "must be an image name: letters, digits, dots, dashes") @Nullable String image,
        @Key("CPUs, memory, disks") @Valid @Nullable ResourcesEntry resources,
        @Key("host ports that reach the machine: [ADDRESS:]HOST:GUEST[/udp]; bound to 127.0.0.1 unless an address is given") @Nullable List<PortForward> ports,
        @Key("environment of the machine's command and of shells") @Nullable Map<@Pattern(regexp = "[A-Za-z_][A-Za-z0-9_]*", message = "is not a name of an environment variable") String, @Pattern(regexp = "[^\\x00]*", message = "must not contain a NUL character") String> env,
        @Key("what the machine runs") @Valid @Nullable RunEntry run,
        @Key("when the machine counts as ready") @Valid @Nullable ReadyEntry ready,
        @Key("machines that must have come up first, and how far: started, ready or completed") @Nullable Map<String, Condition> dependsOn) {}
