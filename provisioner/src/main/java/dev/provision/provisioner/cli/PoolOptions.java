package dev.provision.provisioner.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

import dev.provision.schema.fleet.Fleet;
import dev.provision.schema.fleet.HostPolicy.Pool;
import dev.provision.schema.units.ByteSize;
import dev.provision.schema.units.ByteSize.BareUnit;
import dev.provision.schema.units.Cpus;
import dev.provision.schema.units.QuantityFormatException;

/** A fixed resource pool that goes before the manifest's. */
final class PoolOptions {

    @Option(names = "--cpus", paramLabel = "CPUS", description = "fixed resource pool: CPUs, together with --mem")
    private @Nullable String cpus;

    @Option(names = "--mem", paramLabel = "SIZE", description = "fixed resource pool: memory, together with --cpus")
    private @Nullable String memory;

    Fleet applyTo(Fleet fleet) {
        if (cpus == null && memory == null) {
            return fleet;
        }
        if (cpus == null || memory == null) {
            throw new CommandFailedException(ExitCode.USAGE, "a fixed resource pool needs both --cpus and --mem",
                    "give both, such as --cpus 4 --mem 8GiB");
        }
        try {
            Pool pool = new Pool.Fixed(Cpus.parse(cpus), ByteSize.parse(memory, BareUnit.MIB));
            return new Fleet(fleet.name(), fleet.policy().withPool(pool), fleet.networks(),
                    fleet.machines());
        } catch (QuantityFormatException e) {
            throw new CommandFailedException(ExitCode.USAGE, String.valueOf(e.getMessage()), e.fix());
        }
    }
}
