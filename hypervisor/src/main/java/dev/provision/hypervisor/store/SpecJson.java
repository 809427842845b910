package dev.provision.hypervisor.store;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.provision.schema.fleet.Condition;
import dev.provision.schema.fleet.CpuRange;
import dev.provision.schema.fleet.MachineSpec;
import dev.provision.schema.fleet.MemoryRange;
import dev.provision.schema.fleet.PortForward;
import dev.provision.schema.fleet.RestartPolicy;
import dev.provision.schema.units.ByteSize;
import dev.provision.schema.units.Cpus;
import dev.provision.schema.units.QuantityFormatException;

/**
 * A spec as JSON, in the canonical words of the manifest ({@code "512MiB"}, {@code "0.5"}), field by field: renaming
 * something in Java must not change what is on disk.
 */
final class SpecJson {
    private SpecJson() {}

    static ObjectNode write(MachineSpec spec) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("image", spec.image());
        json.putObject("cpus")
                .put("request", spec.cpus().request().toString())
                .put("limit", spec.cpus().limit().toString())
                .put("max", spec.cpus().max().toString());
        json.putObject("memory")
                .put("request", spec.memory().request().canonical())
                .put("limit", spec.memory().limit().canonical())
                .put("max", spec.memory().max().canonical());
        spec.overlay().ifPresent(size -> json.put("overlay", size.canonical()));
        spec.storage().ifPresent(size -> json.put("storage", size.canonical()));
        json.put("shm", spec.shm().canonical());
        json.set("ports", texts(spec.ports()));
        json.set("env", map(spec.env()));
        json.set("command", texts(spec.command()));
        json.put("restart", spec.restart().word());
        json.put("readyTimeout", spec.readyTimeout().toString());
        json.set("dependsOn", map(spec.dependsOn()));
        return json;
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

    static MachineSpec read(String name, JsonFields json) throws MalformedJsonException {
        MachineSpec spec = new MachineSpec(name, json.text("image"), cpus(json.object("cpus")),
                memory(json.object("memory")), optionalSize(json, "overlay"), optionalSize(json, "storage"),
                size(json, "shm"), ports(json), json.map("env"), json.texts("command"),
                restart(json), duration(json, "readyTimeout"), conditions(json));
        json.requireNoOthers();
        return spec;
    }

    static ByteSize size(JsonFields json, String name) throws MalformedJsonException {
        return optionalSize(json, name)
                .orElseThrow(() -> new MalformedJsonException("`" + name + "` is missing"));
    }

    private static Optional<ByteSize> optionalSize(JsonFields json, String name) throws MalformedJsonException {
        Optional<String> text = json.optionalText(name);
        if (text.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(ByteSize.parse(text.get(), ByteSize.BareUnit.MIB));
        } catch (QuantityFormatException e) {
            throw json.wrong(name, "a size: " + e.getMessage());
        }
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

    private static CpuRange cpus(JsonFields json) throws MalformedJsonException {
        Cpus request = cpu(json, "request");
        Cpus limit = cpu(json, "limit");
        Cpus max = cpu(json, "max");
        json.requireNoOthers();
        if (request.compareTo(limit) > 0 || limit.compareTo(max) > 0) {
            throw json.wrong("max", "at least `limit`, and that at least `request`");
        }
        return new CpuRange(request, limit, max);
    }

    private static Cpus cpu(JsonFields json, String name) throws MalformedJsonException {
        try {
            return Cpus.parse(json.text(name));
        } catch (QuantityFormatException e) {
            throw json.wrong(name, "a number of CPUs: " + e.getMessage());
        }
    }

    private static MemoryRange memory(JsonFields json) throws MalformedJsonException {
        ByteSize request = size(json, "request");
        ByteSize limit = size(json, "limit");
        ByteSize max = size(json, "max");
        json.requireNoOthers();
        if (request.compareTo(limit) > 0 || limit.compareTo(max) > 0) {
            throw json.wrong("max", "at least `limit`, and that at least `request`");
        }
        return new MemoryRange(request, limit, max);
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
