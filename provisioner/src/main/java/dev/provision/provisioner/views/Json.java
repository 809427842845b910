package dev.provision.provisioner.views;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import org.jspecify.annotations.Nullable;

import dev.provision.planner.observed.Deviation;
import dev.provision.planner.observed.MachineState;
import dev.provision.planner.observed.ObservedFleet;
import dev.provision.planner.observed.ObservedMachine;
import dev.provision.provisioner.events.WatchStatus;
import dev.provision.schema.diagnostics.Diagnostic;
import dev.provision.schema.fleet.DiskKey;
import dev.provision.schema.units.ByteSize;

/** Documents for programs. Their keys are a contract of their own, not the names of Java fields. */
public final class Json {

    /** Version of the documents' format. */
    public static final int FORMAT = 1;

    /** Pure ASCII: standard output has the encoding of the locale, JSON has its own. */
    private static final ObjectMapper MAPPER = JsonMapper.builder()
            .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
            .build();

    private Json() {}

    public static String pretty(Object document) {
        try {
            return MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(document);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("our documents are maps, lists and scalars", e);
        }
    }

    public static String line(Object document) {
        try {
            return MAPPER.writeValueAsString(document);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("our documents are maps, lists and scalars", e);
        }
    }

    /** An object of these keys and values, without the null ones. */
    public static Map<String, Object> object(@Nullable Object... keysAndValues) {
        Map<String, Object> object = new LinkedHashMap<>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            Object value = keysAndValues[i + 1];
            if (value != null) {
                object.put(String.valueOf(keysAndValues[i]), value);
            }
        }
        return object;
    }

    /** Diagnostics alone, as {@code validate -o json} prints them. */
    public static Map<String, Object> problems(List<Diagnostic> problems) {
        return object("format", FORMAT, "diagnostics", DiagnosticJson.of(problems));
    }

    /** A fleet with nothing left to defaults, as {@code validate --fill -o json} prints it. */
    public static Map<String, Object> filled(Map<String, Object> manifest, List<Diagnostic> problems) {
        Map<String, Object> document = problems(problems);
        document.put("filled", manifest);
        return document;
    }

    /** What {@code fmt} found; diffs and texts of the files where they are asked for. */
    public static Map<String, Object> formatted(List<FormattedFile> files, boolean diffs, boolean texts,
            List<Diagnostic> problems) {
        return object("format", FORMAT, "files", files.stream()
                .map(file -> object("file", file.name(), "changed", file.isChanged(), "diff",
                        diffs && file.isChanged() ? UnifiedDiff.of(file) : null, "text",
                        texts ? file.formatted() : null))
                .toList(), "diagnostics", DiagnosticJson.of(problems));
    }

    /** Why a command failed, instead of the document it would have printed. */
    public static Map<String, Object> error(int exitCode, String message, String fix) {
        return object("format", FORMAT, "error", object("exitCode", exitCode, "message", message, "fix",
                fix.isEmpty() ? null : fix));
    }

    /** The last line of a run that did not come to its ledger. */
    public static Map<String, Object> failed(int exitCode, String message, String fix) {
        Map<String, Object> event = object("event", "error");
        event.putAll(error(exitCode, message, fix));
        return event;
    }

    /** The last line of a run whose manifest has errors. */
    public static Map<String, Object> invalid(int exitCode, String message, List<Diagnostic> problems) {
        Map<String, Object> event = failed(exitCode, message, "");
        event.put("diagnostics", DiagnosticJson.of(problems));
        return event;
    }

    public static Map<String, Object> status(List<FleetStatus> fleets) {
        return object("format", FORMAT, "fleets", fleets.stream().map(Json::fleet).toList());
    }

    private static Map<String, Object> fleet(FleetStatus status) {
        ObservedFleet fleet = status.observed();
        Map<String, Object> object = object("fleet", fleet.fleet(), "machines",
                fleet.machines().values().stream().map(Json::machine).toList(), "storageKept", storageKept(fleet),
                "disksKept", disksKept(fleet));
        if (!status.expired().isEmpty()) {
            Map<String, Object> expired = new LinkedHashMap<>();
            status.expired().forEach((machine, at) -> expired.put(machine, at.toString()));
            object.put("expired", expired);
        }
        status.watch().ifPresent(watch -> object.put("watch", watch(watch)));
        return object;
    }

    private static Map<String, Object> watch(WatchStatus watch) {
        return object("pid", watch.pid(), "command", watch.command(), "since", watch.since().toString(), "state",
                watch.state().name().toLowerCase(Locale.ROOT), "stateSince", watch.stateSince().toString(), "reasons",
                watch.reasons());
    }

    /** Bytes by machine. */
    private static Map<String, Object> storageKept(ObservedFleet fleet) {
        Map<String, Object> bytes = new LinkedHashMap<>();
        fleet.storageKept().forEach((machine, disks) -> {
            ByteSize storage = disks.get(DiskKey.STORAGE);
            if (storage != null) {
                bytes.put(machine, storage.bytes());
            }
        });
        return bytes;
    }

    /** Bytes by machine and name of the disk. */
    private static Map<String, Object> disksKept(ObservedFleet fleet) {
        Map<String, Object> machines = new LinkedHashMap<>();
        fleet.storageKept().forEach((machine, disks) -> {
            Map<String, Object> bytes = new LinkedHashMap<>();
            disks.forEach((disk, size) -> {
                if (!disk.isStorage()) {
                    bytes.put(disk.name(), size.bytes());
                }
            });
            if (!bytes.isEmpty()) {
                machines.put(machine, bytes);
            }
        });
        return machines;
    }

    private static Map<String, Object> machine(ObservedMachine machine) {
        MachineState.@Nullable Running running = machine.state() instanceof MachineState.Running state ? state : null;
        return object("machine", machine.name(), "state", StatusText.word(machine.state()), "detail",
                StatusText.detail(machine),
                "deviations",
                machine.deviations().isEmpty() ? null
                        : machine.deviations().stream().map(Deviation::text).toList(),
                "pid", running == null ? null : running.pid(), "ready", running == null ? null : running.ready(),
                "vcpus", running == null ? null : running.vcpus().orElse(null), "memoryMiB",
                running == null ? null : running.memory().map(ByteSize::mib).orElse(null),
                "exitCode", machine.state() instanceof MachineState.Completed done ? done.exitCode() : null,
                "applied", machine.applied().map(SizeJson::of).orElse(null), "labels",
                machine.applied()
                        .map(spec -> spec.lifecycle().labels())
                        .filter(labels -> !labels.isEmpty())
                        .orElse(null));
    }
}
