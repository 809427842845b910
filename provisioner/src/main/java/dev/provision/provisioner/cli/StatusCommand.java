package dev.provision.provisioner.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import dev.provision.hypervisor.FleetObserver;
import dev.provision.hypervisor.host.accelerator.AcceleratorRequest;
import dev.provision.hypervisor.store.StoreLayout;
import dev.provision.provisioner.events.WatchStatus;
import dev.provision.provisioner.journal.JournalReader;
import dev.provision.provisioner.journal.Watcher;
import dev.provision.provisioner.views.FleetStatus;
import dev.provision.provisioner.views.Json;
import dev.provision.provisioner.views.StatusText;

/** {@code provision status}: what is there? */
@Command(name = "status", mixinStandardHelpOptions = true, description = "Shows the machines of this host.", footerHeading = "%nExamples:%n", footer = {
    "  provision status", "  provision status --fleet lab -o json"})
final class StatusCommand implements Callable<Integer> {

    @Option(names = "--fleet", paramLabel = "FLEET", description = "only this fleet")
    private @Nullable String fleet;

    @Mixin
    private Output output = new Output();

    @Override
    public Integer call() throws Exception {
        Site site = Site.toLookAt(AcceleratorRequest.TCG);
        FleetObserver machines = site.observer();
        Collection<String> names = fleet == null ? site.store().fleets() : List.of(fleet);
        List<FleetStatus> fleets = new ArrayList<>();
        for (String name : names) {
            StoreLayout layout = site.directories().layout();
            fleets.add(new FleetStatus(machines.observe(name), watch(layout, name), Expirations.of(name, site)));
        }
        if (output.isJson()) {
            output.out().println(Json.pretty(Json.status(fleets)));
        } else {
            new StatusText(output.out(), output.palette()).print(fleets);
        }
        return ExitCode.OK.number();
    }

    /** Nothing where the journal cannot be read: what is there matters more. */
    private static Optional<WatchStatus> watch(StoreLayout layout, String fleet) {
        try {
            return Watcher.of(JournalReader.read(layout.journal(fleet), layout.journalBefore(fleet)).entries());
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
