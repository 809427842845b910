package dev.provision.provisioner.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

import dev.provision.hypervisor.DriverException;
import dev.provision.hypervisor.FleetObserver;
import dev.provision.hypervisor.store.FleetLock;
import dev.provision.hypervisor.store.FleetLockedException;
import dev.provision.hypervisor.store.Leftovers;
import dev.provision.hypervisor.store.RuntimeFolder;
import dev.provision.hypervisor.store.StoreLayout;
import dev.provision.planner.plan.Plan;
import dev.provision.provisioner.journal.CutShort;
import dev.provision.provisioner.journal.Journal;
import dev.provision.provisioner.journal.JournalReader;
import dev.provision.provisioner.views.JunitReport;

/** While a command changes a fleet: its lock is held, and what is done is written down. */
final class FleetSession implements AutoCloseable {

    private final FleetLock lock;
    private final Supplier<Journal> opener;
    private final String commandLine;
    private final RunReports reports;
    private @Nullable Journal journal;
    private Map<String, String> failedJobs = Map.of();

    private FleetSession(FleetLock lock, Supplier<Journal> opener, String commandLine, RunReports reports) {
        this.lock = lock;
        this.opener = opener;
        this.commandLine = commandLine;
        this.reports = reports;
    }

    /**
     * Takes the lock, waits for it as long as the options say, and tells when the command before was cut short.
     *
     * @throws CommandFailedException
     *             when another command has the lock
     */
    static FleetSession open(Site site, String fleet, RunOptions options, Output output)
            throws IOException, InterruptedException {
        StoreLayout layout = site.directories().layout();
        options.reports().about(fleet);
        String commandLine = options.commandLine();
        FleetLock lock = lock(site, fleet, options, output);
        cutShort(layout, fleet)
                .ifPresent(cut -> output.note("note: " + cut.sentence() + "; what it left is looked at"));
        return new FleetSession(lock,
                () -> Journal.open(layout.journal(fleet), layout.journalBefore(fleet), commandLine,
                        InstantSource.system()),
                commandLine, options.reports());
    }

    /** The fleet's last command, when it did not come to the end of what it had begun; nothing where the journal cannot be read. */
    static Optional<CutShort> cutShort(StoreLayout layout, String fleet) {
        try {
            if (lastCutShort(layout, fleet).isEmpty()) {
                return Optional.empty();
            }
            // Its process is gone: it may have come to its end after what was read.
            return lastCutShort(layout, fleet).filter(cut -> !cut.begun().isEmpty());
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static Optional<CutShort> lastCutShort(StoreLayout layout, String fleet) throws IOException {
        return CutShort.last(JournalReader.read(layout.journal(fleet), layout.journalBefore(fleet)).entries());
    }

    private static FleetLock lock(Site site, String fleet, RunOptions options, Output output)
            throws IOException, InterruptedException {
        StoreLayout layout = site.directories().layout();
        site.directories().requireWritableRuntime();
        try {
            FleetLock lock = FleetLock.acquire(layout, fleet, options.commandLine(), InstantSource.system(),
                    options.lockTimeout(), held -> output.note("waiting: " + held.getMessage()));
            try {
                noteRuntime(site.directories());
                Leftovers.clear(layout, fleet, Instant.now());
            } catch (IOException | InterruptedException | CommandFailedException e) {
                lock.close();
                throw e;
            }
            return lock;
        } catch (FleetLockedException e) {
            throw new CommandFailedException(ExitCode.FAILED, String.valueOf(e.getMessage()),
                    options.lockTimeout().isZero()
                            ? "wait until it has ended, then try again; --lock-timeout=5m waits for it"
                            : "wait until it has ended, then try again");
        }
    }

    private static void noteRuntime(Directories directories) throws IOException, InterruptedException {
        Path used = RuntimeFolder.note(directories.state(), directories.runtime());
        if (!used.equals(directories.runtime())) {
            throw new CommandFailedException(ExitCode.FAILED,
                    "another command has just started machines of this store, with the runtime folder " + used,
                    "run the command again: it will find them there");
        }
    }

    /** Written from the first time on: what changes nothing leaves no line. */
    Journal journal() {
        Journal open = journal;
        if (open == null) {
            open = opener.get();
            journal = open;
        }
        return open;
    }

    /** Where the command reports to other programs. */
    RunReports reports() {
        return reports;
    }

    /** Looks, for a report, how jobs that are there have failed: an apply does not run them again. */
    void lookForFailedJobs(FleetObserver machines, String fleet) throws DriverException, InterruptedException {
        if (reports.areAsked()) {
            failedJobs = FailedJobs.of(machines.observe(fleet));
        }
    }

    /** How, by machine; none when nobody looked. */
    Map<String, String> failedJobs() {
        return failedJobs;
    }

    /** Reports a plan that nothing was done by: it is refused, or there is nothing to do. */
    void report(Plan plan) {
        reports.add(() -> new JunitReport(plan, failedJobs, Instant.now(), System::nanoTime, _ -> List.of()).suite());
    }

    /** What to type to go on from where it stopped. */
    String commandLine() {
        return commandLine;
    }

    @Override
    public void close() throws IOException {
        Journal open = journal;
        if (open != null) {
            open.close();
        }
        lock.close();
    }
}
