package dev.provision.schema;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import dev.provision.schema.document.YamlWriter;
import dev.provision.schema.fleet.CpuRange;
import dev.provision.schema.fleet.DeviceRequest;
import dev.provision.schema.fleet.DeviceSelector;
import dev.provision.schema.fleet.Fleet;
import dev.provision.schema.fleet.HostPolicy;
import dev.provision.schema.fleet.HostPolicy.Pool;
import dev.provision.schema.fleet.HugePages;
import dev.provision.schema.fleet.MachineSpec;
import dev.provision.schema.fleet.MemoryRange;
import dev.provision.schema.fleet.Probe;
import dev.provision.schema.fleet.ReadyCheck;
import dev.provision.schema.fleet.Resources;
import dev.provision.schema.fleet.Workload;
import dev.provision.schema.units.ByteSize;
import dev.provision.schema.units.Cpus;
import dev.provision.schema.units.Durations;

/**
 * From a fleet back to a manifest that leaves nothing to defaults, profiles, counts or variables: every machine is an
 * entry of its own, every quantity has its canonical form. A new field of a machine is one line in {@link #machine} or
 * {@link #resources}; what it is written as, {@link Keys#written} knows from its type.
 */
public final class ManifestWriter {

    private final UnaryOperator<String> texts;

    private ManifestWriter(UnaryOperator<String> texts) {
        this.texts = texts;
    }

    /** The fleet as maps, collections, texts, numbers and truth values, under the manifest's keys. */
    public static Map<String, Object> document(Fleet fleet) {
        return new ManifestWriter(UnaryOperator.identity()).fleet(fleet).map;
    }

    /**
     * A manifest that {@link ManifestReader} reads as the same fleet.
     *
     * @param ascii
     *            other characters are written as escapes
     */
    public static String yaml(Fleet fleet, boolean ascii) {
        return YamlWriter.text(new ManifestWriter(ManifestWriter::literal).fleet(fleet).map, ascii);
    }

    /** A text that no variable is looked for in: {@code $$} stands for a dollar where a reference could begin. */
    private static String literal(String text) {
        return text.replaceAll("\\$(?=[${])", "\\$\\$");
    }

    private Keys fleet(Fleet fleet) {
        Keys machines = keys();
        fleet.machines().forEach((name, machine) -> machines.map.put(name, machine(machine.spec()).map));
        Keys document = keys().put("version", ManifestReader.VERSION)
                .put("fleet", fleet.name())
                .put("host", host(fleet.policy()));
        if (!fleet.networks().isEmpty()) {
            Keys networks = keys();
            fleet.networks()
                    .forEach((name, network) -> networks.map.put(name,
                            keys().put("subnet", network.subnet()).put("bridge", network.bridge()).map));
            document.map.put("networks", networks.map);
        }
        document.map.put("machines", machines.map);
        return document;
    }

    private Keys host(HostPolicy policy) {
        return keys().put("pool", switch (policy.pool()) {
            case Pool.Auto _ -> "auto";
            case Pool.Fixed(Cpus cpus, ByteSize memory) -> keys().put("cpus", cpus).put("memory", memory);
        })
                .put("reserve", keys().put("memory", policy.reserve()))
                .put("overcommit",
                        keys().put("cpus", policy.overcommitCpus()).put("memory", policy.overcommitMemory()))
                .put("limits", keys().put("cpus", policy.limitCpus()).put("memory", policy.limitMemory()));
    }

    private Keys machine(MachineSpec spec) {
        return keys().put("image", spec.image())
                .put("resources", resources(spec.resources()))
                .put("ports", spec.network().ports())
                .put("networks", spec.network()
                        .fleetNetworks()
                        .stream()
                        .map(link -> keys().put("name", link.network()).put("address", link.address()))
                        .toList())
                .put("network", spec.network().enabled())
                .put("volumes", spec.volumes())
                .put("env", spec.workload().env())
                .put("run", run(spec.workload()))
                .put("ready", ready(spec.ready()))
                .put("dependsOn", spec.dependsOn())
                .put("labels", spec.lifecycle().labels())
                .put("protect", spec.lifecycle().protect())
                .put("ttl", spec.lifecycle().ttl())
                .put("ignoreChanges", spec.lifecycle().ignoreChanges());
    }

    private Keys resources(Resources resources) {
        Keys disks = keys();
        resources.disks()
                .forEach((name, disk) -> disks.put(name, keys().put("size", disk.size()).put("mount", disk.mount())));
        return keys().put("cpus", range(resources.cpus()))
                .put("cpuset", resources.placement().cpuset())
                .put("shares", resources.placement().shares())
                .put("memory", range(resources.memory()))
                .put("swap", resources.swap())
                .put("overlay", resources.overlay())
                .put("storage", resources.storage())
                .put("disks", disks)
                .put("io", keys().put("iops", resources.io().iops()).put("bandwidth", resources.io().bandwidth()))
                .put("shm", resources.shm())
                .put("gpu", resources.gpu()
                        .map(gpu -> keys().put("device", gpu.model())
                                .put("quantity", gpu.quantity())
                                .put("partition", gpu.partition())))
                .put("devices", resources.devices().stream().map(this::device).toList());
    }

    private Keys device(DeviceRequest request) {
        return keys().put(request.device() instanceof DeviceSelector.Named ? "name" : "pci", request.device())
                .put("quantity", request.quantity());
    }

    /** Without a command there is nothing to restart. */
    private Keys run(Workload workload) {
        return workload.command().isEmpty() ? keys()
                : keys().put("command", workload.command())
                        .put("restart", workload.restart())
                        .put("deadline", workload.deadline());
    }

    private Keys ready(ReadyCheck ready) {
        Keys keys = switch (ready.probe()) {
            case Probe.Agent _ -> keys().put("agent", true);
            case Probe.Tcp tcp -> keys().put("tcp", tcp.port());
            case Probe.Http http -> keys().put("http", keys().put("port", http.port()).put("path", http.path()));
            case Probe.Exec exec -> keys().put("exec", exec.command());
        };
        return keys.put("timeout", ready.timeout());
    }

    private Keys range(CpuRange range) {
        return keys().put("request", range.request())
                .put("limit", range.limit())
                .put("max", range.max())
                .put("hotplug", Optional.of(range.hotplug()).filter(plugged -> plugged));
    }

    private Keys range(MemoryRange range) {
        return keys().put("request", range.request())
                .put("limit", range.limit())
                .put("max", range.max())
                .put("hard", range.hard())
                .put("hotplug", range.hotplug())
                .put("hugepages", range.hugepages().map(ManifestWriter::written))
                .put("deflateOnOom", Optional.of(range.deflateOnOom()).filter(deflates -> deflates));
    }

    private static Object written(HugePages pages) {
        return pages.size().<Object>map(size -> size).orElse(true);
    }

    private Keys keys() {
        return new Keys();
    }

    /** A mapping of the manifest; what is absent or empty is left out of it. */
    private final class Keys {

        private final Map<String, Object> map = new LinkedHashMap<>();

        Keys put(String key, Object value) {
            Object written = written(value);
            if (written != null) {
                map.put(key, written);
            }
            return this;
        }

        private @Nullable Object written(Object value) {
            return switch (value) {
                case Optional<?> optional -> optional.isPresent() ? written(optional.get()) : null;
                case Keys keys -> keys.map.isEmpty() ? null : keys.map;
                case Map<?, ?> entries -> entries.isEmpty() ? null : entries(entries);
                case Collection<?> items -> items.isEmpty() ? null
                        : items.stream().map(this::written).collect(Collectors.toList());
                case ByteSize size -> size.canonical();
                case Cpus cpus -> number(new BigDecimal(cpus.toString()));
                case Double factor -> number(BigDecimal.valueOf(factor));
                case Duration duration -> Durations.format(duration);
                case Number number -> number;
                case Boolean truth -> truth;
                default -> texts.apply(value.toString());
            };
        }

        private static Number number(BigDecimal value) {
            BigDecimal shortest = value.stripTrailingZeros();
            return shortest.scale() <= 0 ? shortest.longValueExact() : shortest;
        }

        private Map<String, Object> entries(Map<?, ?> entries) {
            Keys written = new Keys();
            entries.forEach((key, value) -> written.put(String.valueOf(key), value));
            return written.map;
        }
    }
}
