package dev.provision.schema.manifest;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Pattern;

import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.jspecify.annotations.Nullable;

import dev.provision.schema.binding.Key;
import dev.provision.schema.fleet.Condition;
import dev.provision.schema.fleet.PortForward;
import dev.provision.schema.fleet.Volume;

/** A machine, a profile or the defaults, as written. */
public record MachineEntry(
        @Key("profiles to take over; later ones win, then the machine's own keys") @Nullable Names profile,
        @Key(value = "profiles that this profile builds on; only profiles have it", name = "extends") @Nullable Names parents,
        @Key("how many machines of this kind: NAME-0, NAME-1, …; without it one machine called NAME") @Min(value = 0, message = "must be at least 0") @Max(value = 100_000, message = "must be at most 100000") @Nullable Integer count,
        @Key("guest image; `builtin` unless told otherwise") @Pattern(regexp = "[A-Za-z0-9][A-Za-z0-9._-]{0,63}", message = "must be an image name: letters, digits, dots, dashes") @Nullable String image,
        @Key("CPUs, memory, disks, devices") @Valid @Nullable ResourcesEntry resources,
        @Key("host ports that reach the machine: [ADDRESS:]HOST:GUEST[/udp]; bound to 127.0.0.1 unless an address is given") @Nullable List<PortForward> ports,
        @Key("networks of this fleet that the machine is in: machines on one network reach each other by name") @Nullable List<String> networks,
        @Key("false: the machine has no network device at all") @Nullable Boolean network,
        @Key("folders of the host that the guest sees: HOST_FOLDER:/GUEST_FOLDER[:ro]; relative ones begin at the manifest's folder") @Nullable List<Volume> volumes,
        @Key(value = "environment of the machine's command and of shells", aliases = @Key.Alias("environment")) @Nullable Map<@Pattern(regexp = "[A-Za-z_][A-Za-z0-9_]*", message = "is not a name of an environment variable") String, @Pattern(regexp = "[^\\x00]*", message = "must not contain a NUL character") String> env,
        @Key("what the machine runs") @Valid @Nullable RunEntry run,
        @Key("when the machine counts as ready") @Valid @Nullable ReadyEntry ready,
        @Key(value = "machines that must have come up first, and how far: started, ready or completed", aliases = @Key.Alias("depends_on")) @Nullable Map<String, Condition> dependsOn,
        @Key("free words for people and tools; the guest does not see them") @Nullable Map<@Pattern(regexp = "[A-Za-z0-9]([A-Za-z0-9._/-]{0,251}[A-Za-z0-9])?", message = "cannot be a label: use letters, digits, dots, dashes, underscores and slashes") String, @Pattern(regexp = "[^\\p{Cntrl}]{0,255}", message = "must be one line of at most 255 characters") String> labels,
        @Key("true: no plan may destroy or recreate the machine, also when its entry is deleted; false takes that back") @Nullable Boolean protect,
        @Key("how long after its creation the machine expires") @DurationMin(seconds = 1, message = "must be at least 1s") @DurationMax(days = 36_500, message = "must be at most 36500d") @Nullable Duration ttl,
        @Key("keys whose changes are not applied to a machine that exists, such as image or resources.memory") @Nullable List<String> ignoreChanges) {}
