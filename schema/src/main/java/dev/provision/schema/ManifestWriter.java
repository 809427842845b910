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
import dev.provision.schema.fleet.Fleet;
import dev.provision.schema.fleet.HostPolicy;
import dev.provision.schema.fleet.HostPolicy.Pool;
import dev.provision.schema.fleet.MachineSpec;
import dev.provision.schema.fleet.MemoryRange;
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
                .put("resources", resources(spec))
                .put("ports", spec.ports())
                .put("env", spec.env())
                .put("run", run(spec))
                .put("ready", keys().put("timeout", spec.readyTimeout()))
                .put("dependsOn", spec.dependsOn());
    }

    private Keys resources(MachineSpec spec) {
        return keys().put("cpus", range(spec.cpus()))
                .put("memory", range(spec.memory()))
                .put("overlay", spec.overlay())
                .put("storage", spec.storage())
                .put("shm", spec.shm());
    }

    /** Without a command there is nothing to restart. */
    private Keys run(MachineSpec spec) {
        return spec.command().isEmpty() ? keys()
                : keys().put("command", spec.command()).put("restart", spec.restart());
    }

    private Keys range(CpuRange range) {
        return keys().put("request", range.request()).put("limit", range.limit()).put("max", range.max());
    }

    private Keys range(MemoryRange range) {
        return keys().put("request", range.request()).put("limit", range.limit()).put("max", range.max());
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
