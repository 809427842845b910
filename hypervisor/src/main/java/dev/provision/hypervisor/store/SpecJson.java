package dev.provision.hypervisor.store;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.provision.schema.fleet.Condition;
import dev.provision.schema.fleet.Lifecycle;
import dev.provision.schema.fleet.MachineSpec;
import dev.provision.schema.fleet.Network;
import dev.provision.schema.fleet.PortForward;
import dev.provision.schema.fleet.Probe;
import dev.provision.schema.fleet.ReadyCheck;
import dev.provision.schema.fleet.RestartPolicy;
import dev.provision.schema.fleet.Volume;
import dev.provision.schema.fleet.Workload;
import dev.provision.schema.units.QuantityFormatException;

/**
 * A spec as JSON, in the canonical words of the manifest ({@code "512MiB"}, {@code "0.5"}), field by field: renaming
 * something in Java must not change what is on disk. Fields that came later are left out where they say nothing, so that
 * older records stay readable: a field that is not there means what the version did that did not know it, and not what
 * is the default today.
 */
public final class SpecJson {
    private SpecJson() {}

    /** The spec as an object; two specs are equal exactly when their objects are. */
    public static ObjectNode write(MachineSpec spec) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("image", spec.image());
        ResourcesJson.write(spec.resources(), json);
        json.set("ports", texts(spec.network().ports()));
        if (!spec.network().enabled()) {
            json.put("network", false);
        }
        if (!spec.network().fleetNetworks().isEmpty()) {
            json.set("networks", LinkJson.write(spec.network().fleetNetworks()));
        }
        if (!spec.volumes().isEmpty()) {
            ArrayNode volumes = json.putArray("volumes");
            spec.volumes()
                    .forEach(volume -> volumes.addObject()
                            .put("source", volume.source())
                            .put("target", volume.target())
                            .put("readOnly", volume.readOnly()));
        }
        json.set("env", map(spec.workload().env()));
        json.set("command", texts(spec.workload().command()));
        json.put("restart", spec.workload().restart().word());
        spec.workload().deadline().ifPresent(deadline -> json.put("deadline", deadline.toString()));
        json.put("readyTimeout", spec.ready().timeout().toString());
        writeProbe(spec.ready().probe(), json);
        json.set("dependsOn", map(spec.dependsOn()));
        writeLifecycle(spec.lifecycle(), json);
        return json;
    }

    private static void writeProbe(Probe probe, ObjectNode json) {
        switch (probe) {
            case Probe.Agent agent -> {
                // What holds when nothing is said.
            }
            case Probe.Tcp tcp -> json.putObject("probe").put("tcp", tcp.port());
            case Probe.Http http -> json.putObject("probe").put("http", http.port()).put("path", http.path());
            case Probe.Exec exec -> json.putObject("probe").set("exec", texts(exec.command()));
        }
    }

    private static void writeLifecycle(Lifecycle lifecycle, ObjectNode json) {
        if (!lifecycle.labels().isEmpty()) {
            json.set("labels", map(lifecycle.labels()));
        }
        if (lifecycle.protect()) {
            json.put("protect", true);
        }
        lifecycle.ttl().ifPresent(ttl -> json.put("ttl", ttl.toString()));
        if (!lifecycle.ignoreChanges().isEmpty()) {
            json.set("ignoreChanges", texts(List.copyOf(lifecycle.ignoreChanges())));
        }
    }

    private static ArrayNode texts(List<?> values) {
        ArrayNode array = JsonNodeFactory.instance.arrayNode();
        values.forEach(value -> array.add(value.toString()));
        return array;
    }

    private static ObjectNode map(SortedMap<String, ?> values) {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        values.forEach((key, value) -> object.put(key, value.toString()));
        return object;
    }

    /** Reads what {@link #write} wrote of the machine of this name. */
    public static MachineSpec read(String name, JsonFields json) throws MalformedJsonException {
        MachineSpec spec = new MachineSpec(name, json.text("image"), ResourcesJson.read(json),
                new Network(json.flagOr("network", true), ports(json), LinkJson.read(json.objects("networks"))),
                volumes(json),
                new Workload(json.texts("command"), restart(json), json.map("env"),
                        optionalDuration(json, "deadline")),
                new ReadyCheck(probe(json), duration(json, "readyTimeout")), conditions(json), lifecycle(json));
        json.requireNoOthers();
        return spec;
    }

    private static List<PortForward> ports(JsonFields json) throws MalformedJsonException {
        List<PortForward> ports = new ArrayList<>();
        for (String text : json.texts("ports")) {
            try {
                ports.add(PortForward.parse(text));
            } catch (QuantityFormatException e) {
                throw json.wrong("ports", "a list of port forwards: " + e.getMessage());
            }
        }
        return ports;
    }

    private static List<Volume> volumes(JsonFields json) throws MalformedJsonException {
        List<Volume> volumes = new ArrayList<>();
        for (JsonFields volume : json.objects("volumes")) {
            volumes.add(new Volume(volume.text("source"), volume.text("target"), volume.flagOr("readOnly", false)));
            volume.requireNoOthers();
        }
        return volumes;
    }

    private static Probe probe(JsonFields json) throws MalformedJsonException {
        Optional<JsonFields> written = json.optionalObject("probe");
        if (written.isEmpty()) {
            return new Probe.Agent();
        }
        JsonFields probe = written.get();
        List<String> exec = probe.textsOrNone("exec");
        int tcp = probe.numberOr("tcp", 0);
        int http = probe.numberOr("http", 0);
        Optional<String> path = probe.optionalText("path");
        probe.requireNoOthers();
        return !exec.isEmpty() ? new Probe.Exec(exec)
                : tcp > 0 ? new Probe.Tcp(tcp) : new Probe.Http(http, path.orElse("/"));
    }

    private static Lifecycle lifecycle(JsonFields json) throws MalformedJsonException {
        return new Lifecycle(json.mapOrNone("labels"), json.flagOr("protect", false), optionalDuration(json, "ttl"),
                new TreeSet<>(json.textsOrNone("ignoreChanges")));
    }

    private static RestartPolicy restart(JsonFields json) throws MalformedJsonException {
        String word = json.text("restart");
        for (RestartPolicy policy : RestartPolicy.values()) {
            if (policy.word().equals(word)) {
                return policy;
            }
        }
        throw json.wrong("restart", "a restart policy");
    }

    private static Optional<Duration> optionalDuration(JsonFields json, String name) throws MalformedJsonException {
        return json.optionalText(name).isPresent() ? Optional.of(duration(json, name)) : Optional.empty();
    }

    private static Duration duration(JsonFields json, String name) throws MalformedJsonException {
        try {
            return Duration.parse(json.text(name));
        } catch (DateTimeParseException e) {
            throw json.wrong(name, "an ISO 8601 duration");
        }
    }

    private static SortedMap<String, Condition> conditions(JsonFields json) throws MalformedJsonException {
        SortedMap<String, Condition> conditions = new TreeMap<>();
        for (Map.Entry<String, String> entry : json.map("dependsOn").entrySet()) {
            conditions.put(entry.getKey(), switch (entry.getValue()) {
                case "started" -> Condition.STARTED;
                case "ready" -> Condition.READY;
                case "completed" -> Condition.COMPLETED;
                case String other -> throw json.wrong("dependsOn." + entry.getKey(), "a condition: " + other);
            });
        }
        return conditions;
    }
}
