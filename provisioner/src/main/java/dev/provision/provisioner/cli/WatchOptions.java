package dev.provision.provisioner.cli;

import java.time.Duration;
import java.util.Optional;

import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import dev.provision.provisioner.metrics.MetricsAddress;

/** Whether an apply goes on after it has converged. */
final class WatchOptions {

    @Option(names = "--watch", description = "go on: converge again when the manifest changes, when a VMM ends, and when something has drifted; the fleet's lock is held all the time")
    private boolean watch;

    @Option(names = "--once-drifted", description = "for cron: say nothing when all is as it should be, else converge once, without asking")
    private boolean onceDrifted;

    @Mixin
    private WatchSettings settings = new WatchSettings();

    Optional<MetricsAddress> metrics() {
        return settings.metrics();
    }

    boolean isWatch() {
        return watch;
    }

    boolean isOnceDrifted() {
        return onceDrifted;
    }

    /** How often to look. */
    Duration interval() {
        return settings.interval();
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
        if (settings.metrics().isPresent() && !watch) {
            throw new CommandFailedException(ExitCode.USAGE, "--metrics gives the figures of a watch", "add --watch");
        }
        if (settings.hasInterval() && !watch) {
            throw new CommandFailedException(ExitCode.USAGE, "--interval says how often a watch looks", "add --watch");
        }
        if ((watch || onceDrifted) && otherwise) {
            throw new CommandFailedException(ExitCode.USAGE,
                    (watch ? "--watch" : "--once-drifted")
                            + " converges to a manifest without asking, and does not go with "
                            + what,
                    "leave one of them out");
        }
    }

    /** @param isAsked somebody wants a report of what was done */
    void checkReport(boolean isAsked) {
        if (watch && isAsked) {
            throw new CommandFailedException(ExitCode.USAGE,
                    "--report tells what a command did that has ended, and --watch goes on",
                    "leave --report out; provision events and --metrics tell what a watch does");
        }
    }
}
