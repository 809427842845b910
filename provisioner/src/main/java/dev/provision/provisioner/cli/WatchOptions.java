package dev.provision.provisioner.cli;

import java.time.Duration;
import java.util.Optional;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

import dev.provision.provisioner.metrics.MetricsAddress;

/** Whether an apply goes on after it has converged. */
final class WatchOptions {

    private static final Duration SHORTEST = Duration.ofSeconds(1);

    @Option(names = "--watch", description = "go on: converge again when the manifest changes, when a VMM ends, and when something has drifted; the fleet's lock is held all the time")
    private boolean watch;

    @Option(names = "--interval", paramLabel = "DURATION", converter = RunOptions.Patience.class, defaultValue = "30s", description = "with --watch: how often to look for drift that nobody tells of (default: 30s)")
    private Duration interval = Duration.ofSeconds(30);

    @Option(names = "--once-drifted", description = "for cron: say nothing when all is as it should be, else converge once, without asking")
    private boolean onceDrifted;

    @Option(names = "--metrics", paramLabel = "ADDRESS", converter = AddressConverter.class, description = "with --watch: give figures in OpenMetrics text for Prometheus at 127.0.0.1:PORT, [::1]:PORT or unix:PATH")
    private @Nullable MetricsAddress metrics;

    Optional<MetricsAddress> metrics() {
        return Optional.ofNullable(metrics);
    }

    boolean isWatch() {
        return watch;
    }

    boolean isOnceDrifted() {
        return onceDrifted;
    }

    /** At least a second: a look takes some of the host's time. */
    Duration interval() {
        return interval.compareTo(SHORTEST) < 0 ? SHORTEST : interval;
    }

    /**
     * @param otherwise
     *            something else was asked for, {@code what}, that does not go with these
     */
    void check(boolean otherwise, String what) {
        if (watch && onceDrifted) {
            throw new CommandFailedException(ExitCode.USAGE, "--watch goes on, --once-drifted does not",
                    "use one of them");
        }
        if (metrics != null && !watch) {
            throw new CommandFailedException(ExitCode.USAGE, "--metrics gives the figures of a watch", "add --watch");
        }
        if ((watch || onceDrifted) && otherwise) {
            throw new CommandFailedException(ExitCode.USAGE,
                    (watch ? "--watch" : "--once-drifted")
                            + " converges to a manifest without asking, and does not go with "
                            + what,
                    "leave one of them out");
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
