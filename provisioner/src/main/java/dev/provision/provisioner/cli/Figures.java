package dev.provision.provisioner.cli;

import java.io.IOException;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

import dev.provision.provisioner.events.Event;
import dev.provision.provisioner.metrics.MetricsAddress;
import dev.provision.provisioner.metrics.MetricsServer;
import dev.provision.provisioner.metrics.WatchMetrics;

/** What a watch counts and measures for {@code --metrics}; nothing where nobody asked for it. */
final class Figures implements Consumer<Event> {

    private final Optional<MetricsAddress> address;
    private final Optional<WatchMetrics> metrics;

    Figures(Optional<MetricsAddress> address) {
        this.address = address;
        this.metrics = address.map(_ -> new WatchMetrics(InstantSource.system()));
    }

    /**
     * Gives them to whoever asks, until that is closed; null where nobody wants them.
     *
     * @throws CommandFailedException
     *             the port is taken, the socket cannot be made
     */
    @Nullable
    MetricsServer serve(ProblemOutput output) {
        if (address.isEmpty() || metrics.isEmpty()) {
            return null;
        }
        try {
            MetricsServer server = MetricsServer.open(address.get(), metrics.get());
            output.note("figures: " + server.where());
            return server;
        } catch (IOException e) {
            throw new CommandFailedException(ExitCode.HOST, "figures cannot be given: " + e.getMessage(),
                    "name another port or path in --metrics");
        }
    }

    boolean areWanted() {
        return address.isPresent();
    }

    @Override
    public void accept(Event event) {
        metrics.ifPresent(measured -> measured.accept(event));
    }

    void vmmEnded(String machine) {
        metrics.ifPresent(measured -> measured.vmmEnded(machine));
    }

    /** What a look has found, when nothing was done since. */
    void looked(Planning.Look look) {
        metrics.ifPresent(measured -> measured.looked(look.plan(), look.observed()));
    }
}
