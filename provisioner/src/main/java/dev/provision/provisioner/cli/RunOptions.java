package dev.provision.provisioner.cli;

import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

import dev.provision.schema.units.Durations;
import dev.provision.schema.units.QuantityFormatException;

/** What commands that change a fleet have in common. */
final class RunOptions {

    @Option(names = "--lock-timeout", paramLabel = "DURATION", converter = Patience.class, defaultValue = "0s", description = "how long to wait for another command on the same fleet, such as 30s (default: not at all)")
    private Duration lockTimeout = Duration.ZERO;

    @Mixin
    private RunReports reports = new RunReports();

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec = CommandSpec.create();

    Duration lockTimeout() {
        return lockTimeout;
    }

    RunReports reports() {
        return reports;
    }

    /** This command as a person would type it, ready for a shell. */
    String commandLine() {
        List<String> args = spec.root().commandLine().getParseResult().originalArgs();
        return "provision " + args.stream().map(RunOptions::quoted).collect(Collectors.joining(" "));
    }

    /** A word for a POSIX shell. */
    static String quoted(String word) {
        return word.matches("[A-Za-z0-9_@%+=:,./-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
    }

    /** {@code 30s}, {@code 5m}; ten years at most, which every clock can count in nanoseconds. */
    static final class Patience implements ITypeConverter<Duration> {

        private static final Duration LONGEST = Duration.ofDays(3650);

        @Override
        public Duration convert(String text) {
            try {
                Duration patience = Durations.parse(text);
                if (patience.compareTo(LONGEST) > 0) {
                    throw new TypeConversionException("'" + text + "' is too long; at most "
                            + Durations.format(LONGEST));
                }
                return patience;
            } catch (QuantityFormatException e) {
                throw new TypeConversionException(e.getMessage() + "; " + e.fix());
            }
        }
    }
}
