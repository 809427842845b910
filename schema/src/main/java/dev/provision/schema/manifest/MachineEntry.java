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
// @formatter:off
public record MachineEntry(
        @Key(value = "profiles to take over; later ones win, then the machine's own keys",
                otherwise = "those of `defaults`", examples = {"small", "[small, durable]"})
        @Nullable Names profile,

        @Key(value = "profiles that this profile builds on; only profiles have it", name = "extends",
                otherwise = "none", examples = {"small", "[small, durable]"})
        @Nullable Names parents,

        @Key(value = "how many machines of this kind: NAME-0, NAME-1, …",
                otherwise = "one machine, called NAME", examples = "3")
        @Min(value = 0, message = "must be at least 0")
        @Max(value = 100_000, message = "must be at most 100000") @Nullable Integer count,

        @Key(value = "guest image", standard = "builtin", change = "recreate", examples = {"builtin", "debian"})
        @Pattern(regexp = "[A-Za-z0-9][A-Za-z0-9._-]{0,63}", message = "must be an image name: letters, digits, dots, dashes")
        @Nullable String image,

        @Key(value = "CPUs, memory, disks, devices",
                examples = "{ cpus: 2, memory: 1GiB, storage: 20GiB }")
        @Valid @Nullable ResourcesEntry resources,

        @Key(value = "host ports that reach the machine: [ADDRESS:]HOST:GUEST[/udp]; bound to 127.0.0.1 unless an address is given",
                otherwise = "none", change = "live", examples = {"[\"8080:80\"]", "[\"0.0.0.0:53:53/udp\"]"})
        @Nullable List<PortForward> ports,

        @Key(value = "networks of this fleet that the machine is in: machines on one network reach each other by name",
                otherwise = "none", change = "restart", examples = {"[lab]", "[{ name: lab, address: 10.77.0.10 }]"})
        @Nullable List<@Valid NetworkUse> networks,

        @Key(value = "false: the machine has no network device at all", standard = "true", change = "restart")
        @Nullable Boolean network,

        @Key(value = "folders of the host that the guest sees: HOST_FOLDER:/GUEST_FOLDER[:ro]; relative ones begin at the manifest's folder; they must be there, with no symbolic link on the way",
                otherwise = "none", change = "restart", examples = {"[\"./data:/srv/data\"]", "[\"/etc/ssl:/etc/ssl:ro\"]"})
        @Nullable List<Volume> volumes,

        @Key(value = "environment of the machine's command and of shells", aliases = @Key.Alias("environment"),
                otherwise = "empty", change = "restart", examples = "{ PGDATA: /data, PORT: 5432 }")
        @Nullable Map<@Pattern(regexp = "[A-Za-z_][A-Za-z0-9_]*", message = "is not a name of an environment variable") String,
                @Pattern(regexp = "[^\\x00]*", message = "must not contain a NUL character") String> env,

        @Key(value = "what the machine runs", otherwise = "nothing", change = "restart",
                examples = "{ command: [postgres, -D, /data], restart: always }")
        @Valid @Nullable RunEntry run,

        @Key(value = "when the machine counts as ready; at most one of tcp, http, exec and agent",
                otherwise = "when its agent answers", change = "live",
                examples = "{ tcp: 5432, timeout: 30s }")
        @Valid @Nullable ReadyEntry ready,

        @Key(value = "machines that must have come up first, and how far: started, ready or completed",
                aliases = @Key.Alias("depends_on"), otherwise = "none", change = "live", examples = "{ db: ready }")
        @Nullable Map<String, Condition> dependsOn,

        @Key(value = "free words for people and tools; the guest does not see them",
                otherwise = "none", change = "live", examples = "{ team: storage, example.org/cost-centre: \"4711\" }")
        @Nullable Map<@Pattern(regexp = "[A-Za-z0-9]([A-Za-z0-9._/-]{0,251}[A-Za-z0-9])?",
                        message = "cannot be a label: use letters, digits, dots, dashes, underscores and slashes") String,
                @Pattern(regexp = "[^\\x00-\\x1F\\x7F]{0,255}", message = "must be one line of at most 255 characters") String> labels,

        @Key(value = "true: no plan may destroy or recreate the machine, also when its entry is deleted; false takes that back",
                standard = "false", change = "live")
        @Nullable Boolean protect,

        @Key(value = "how long after its creation the machine expires", otherwise = "never", change = "live",
                examples = {"12h", "1d12h"})
        @DurationMin(seconds = 1, message = "must be at least 1s")
        @DurationMax(days = 36_500, message = "must be at most 36500d") @Nullable Duration ttl,

        @Key(value = "keys whose changes are not applied to a machine that exists; env.NAME and labels.NAME are single ones",
                otherwise = "none", change = "live", examples = {"[image]", "[resources.memory, env.TAG]"})
        @Nullable List<String> ignoreChanges) {}
// @formatter:on
