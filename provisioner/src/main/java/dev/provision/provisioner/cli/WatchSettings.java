package dev.provision.provisioner.cli;

import java.time.Duration;
import java.util.Optional;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

import dev.provision.provisioner.metrics.MetricsAddress;

/** How a watch does its work: for {@code apply --watch}, and for the unit that runs it. */
final class WatchSettings {

    private static final Duration DEFAULT = Duration.ofSeconds(30);

    @Option(names = "--interval", paramLabel = "DURATION", converter = IntervalConverter.class, description = "of a watch: how often to look for drift that nobody tells of, at least 1s (default: 30s)")
    private @Nullable Duration interval;

    @Option(names = "--metrics", paramLabel = "ADDRESS", converter = AddressConverter.class, description = "of a watch: give figures in OpenMetrics text for Prometheus at 127.0.0.1:PORT, [::1]:PORT or unix:PATH")
    private @Nullable MetricsAddress metrics;

    Duration interval() {
        return interval == null ? DEFAULT : interval;
    }

    boolean hasInterval() {
        return interval != null;
    }

    Optional<MetricsAddress> metrics() {
        return Optional.ofNullable(metrics);
    }

    /** At least a second: a look takes some of the host's time. */
    static final class IntervalConverter implements ITypeConverter<Duration> {

        private static final Duration SHORTEST = Duration.ofSeconds(1);

        @Override
        public Duration convert(String text) {
            Duration interval = new RunOptions.Patience().convert(text);
            if (interval.compareTo(SHORTEST) < 0) {
                throw new TypeConversionException("'" + text + "' is too short; at least 1s");
            }
            return interval;
        }
    }

    /** {@code 127.0.0.1:9090}. */
    static final class AddressConverter implements ITypeConverter<MetricsAddress> {

        @Override
        public MetricsAddress convert(String text) {
            try {
                return MetricsAddress.parse(text);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(String.valueOf(e.getMessage()));
            }
        }
    }
}
