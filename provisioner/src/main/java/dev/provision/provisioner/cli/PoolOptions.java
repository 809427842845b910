package dev.provision.provisioner.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

import dev.provision.schema.fleet.Fleet;
import dev.provision.schema.fleet.HostPolicy;
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

    @Option(names = {"-p",
        "--parallelism"}, paramLabel = "N", converter = AtLeastOne.class, description = "at most N machines boot at the same time (default: as many as the host has CPUs)")
    private @Nullable Integer boots;

    Fleet applyTo(Fleet fleet) {
        Fleet sized = withPool(fleet);
        return boots == null ? sized : with(sized, sized.policy().withBoots(boots));
    }

    private static Fleet with(Fleet fleet, HostPolicy policy) {
        return new Fleet(fleet.name(), policy, fleet.networks(), fleet.machines());
    }

    /** A number from 1. */
    static final class AtLeastOne implements ITypeConverter<Integer> {

        @Override
        public Integer convert(String text) {
            if (!text.matches("[1-9][0-9]{0,5}")) {
                throw new TypeConversionException("'" + text + "' is not a whole number from 1 to 999999");
            }
            return Integer.valueOf(text);
        }
    }

    /** Half a pool is none. */
    void check() {
        if ((cpus == null) != (memory == null)) {
            throw new CommandFailedException(ExitCode.USAGE, "a fixed resource pool needs both --cpus and --mem",
                    "give both, such as --cpus 4 --mem 8GiB");
        }
    }

    private Fleet withPool(Fleet fleet) {
        check();
        if (cpus == null || memory == null) {
            return fleet;
        }
        try {
            Pool pool = new Pool.Fixed(Cpus.parse(cpus), ByteSize.parse(memory, BareUnit.MIB));
            return with(fleet, fleet.policy().withPool(pool));
        } catch (QuantityFormatException e) {
            throw new CommandFailedException(ExitCode.USAGE, String.valueOf(e.getMessage()), e.fix());
        }
    }
}
