package dev.provision.provisioner.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

import dev.provision.schema.ManifestReader;
import dev.provision.schema.diagnostics.Diagnostic;
import dev.provision.schema.diagnostics.Problems;
import dev.provision.schema.diagnostics.SourceText;
import dev.provision.schema.fleet.FleetMachine;
import dev.provision.schema.fleet.MachineSpec;
import dev.provision.schema.units.ByteSize;
import dev.provision.schema.units.ByteSize.BareUnit;
import dev.provision.schema.units.Cpus;
import dev.provision.schema.units.QuantityFormatException;

/** A machine described by its size alone. */
final class MachineSize {

    @Option(names = "--machine-cpus", paramLabel = "CPUS", description = "instead of profiles a machine with so many CPUs (default: 1)")
    private @Nullable String cpus;

    @Option(names = "--machine-memory", paramLabel = "SIZE", description = "and so much memory (default: 512MiB)")
    private @Nullable String memory;

    @Option(names = "--machine-storage", paramLabel = "SIZE", description = "and a persistent disk of this size (default: none)")
    private @Nullable String storage;

    /** Absent when none of the options is given. */
    Optional<MachineSpec> spec() {
        List<String> keys = new ArrayList<>();
        try {
            if (cpus != null) {
                keys.add("cpus: " + Cpus.parse(cpus));
            }
            if (memory != null) {
                keys.add("memory: " + ByteSize.parse(memory, BareUnit.MIB).canonical());
            }
            if (storage != null) {
                keys.add("storage: " + ByteSize.parse(storage, BareUnit.GIB).canonical());
            }
        } catch (QuantityFormatException e) {
            throw new CommandFailedException(ExitCode.USAGE, String.valueOf(e.getMessage()), e.fix());
        }
        return keys.isEmpty() ? Optional.empty() : Optional.of(read(String.join(", ", keys)));
    }

    /** A machine of which a manifest says nothing. */
    static MachineSpec standard() {
        return read("");
    }

    /** By way of a manifest: the same defaults and the same bounds. */
    private static MachineSpec read(String keys) {
        Problems problems = new Problems();
        String text = "version: 1\nfleet: x\nmachines: { machine: { resources: { " + keys + " } } }\n";
        FleetMachine machine = ManifestReader.read(new SourceText("the size", text), problems)
                .map(fleet -> Objects.requireNonNull(fleet.machines().get("machine")))
                .orElseThrow(() -> refused(problems.sorted().getFirst()));
        return machine.spec();
    }

    private static CommandFailedException refused(Diagnostic problem) {
        return new CommandFailedException(ExitCode.USAGE, problem.what(), problem.fix());
    }
}
