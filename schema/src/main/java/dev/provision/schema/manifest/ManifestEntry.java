package dev.provision.schema.manifest;

import java.util.Map;

import org.jspecify.annotations.Nullable;

import dev.provision.schema.binding.Key;

/** The whole file as written. */
public record ManifestEntry(
        @Key(value = "version of the manifest language: 1", required = true) @Nullable Integer version,
        @Key(value = "name of the fleet; it owns the machines it creates", required = true) @Nullable String fleet,
        @Key("other files that add to this one, relative to it") @Nullable Names include,
        @Key("values that `${NAME}` stands for") @Nullable Map<String, VariableEntry> variables,
        @Key("what this fleet may take from the host") @Nullable HostEntry host,
        @Key("networks between machines of this fleet, by name") @Nullable Map<String, NetworkEntry> networks,
        @Key(value = "what every machine has unless a profile or the machine itself says otherwise", partial = true) @Nullable MachineEntry defaults,
        @Key(value = "named sets of keys that machines can take over", partial = true) @Nullable Map<String, MachineEntry> profiles,
        @Key(value = "the machines, by name", required = true, partial = true) @Nullable Map<String, MachineEntry> machines) {}
