package dev.provision.provisioner.cli;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

import dev.provision.hypervisor.Driver;
import dev.provision.hypervisor.MachineId;
import dev.provision.hypervisor.host.HostProbe;
import dev.provision.planner.plan.Plan;
import dev.provision.provisioner.convergence.Executor;
import dev.provision.provisioner.events.Event;
import dev.provision.provisioner.events.Ledger;
import dev.provision.provisioner.views.EventJson;
import dev.provision.provisioner.views.EventText;
import dev.provision.provisioner.views.JunitReport;
import dev.provision.provisioner.views.LiveEvents;
import dev.provision.schema.units.ByteSize;

/** Executes a plan in the foreground: progress on the way, ledger at the end, also after Ctrl-C. */
final class Run {

    /** What passes in seconds has passed by then. */
    private static final List<Duration> RETRY_PAUSES = List.of(Duration.ofSeconds(1), Duration.ofSeconds(2),
            Duration.ofSeconds(4));

    private final Driver driver;
    private final Output output;
    private final Consumer<Event> timekeeper;
    private final FleetSession session;
    private final String resume;

    /** @param resume what to type to go on after a run that has not done all */
    Run(Driver driver, Output output, Consumer<Event> timekeeper, FleetSession session, String resume) {
        this.driver = driver;
        this.output = output;
        this.timekeeper = timekeeper;
        this.session = session;
        this.resume = resume;
    }

    /** What executes the plan, with all that it needs of this host. */
    Executor executor(Plan plan, Consumer<Event> view) {
        return executor(plan, view, Set.of());
    }

    private Executor executor(Plan plan, Consumer<Event> view, Set<String> awaitedJobs) {
        return new Executor(new Executor.Surroundings(driver, Run::availableMemory, session.journal(),
                timekeeper.andThen(view), RETRY_PAUSES), plan, awaitedJobs);
    }

    ExitCode execute(Plan plan) {
        return execute(plan, Set.of());
    }

    /** @param awaitedJobs names of jobs of the plan that must have ended before the run has */
    ExitCode execute(Plan plan, Set<String> awaitedJobs) {
        JunitReport report = new JunitReport(plan, session.failedJobs(), Instant.now(), System::nanoTime,
                job -> driver.lastOutput(new MachineId(plan.fleet(), job)));
        try {
            return execute(executor(plan, session.reports().areAsked() ? report.andThen(view()) : view(), awaitedJobs));
        } finally {
            session.reports().add(report::suite);
        }
    }

    private ExitCode execute(Executor executor) {
        Thread runner = Thread.currentThread();
        try (Interrupts interrupts = Interrupts.reactingBy(() -> finish(executor), runner::interrupt, Run::halt)) {
            Ledger ledger = executor.execute();
            boolean _ = Thread.interrupted();
            session.journal().failure().ifPresent(this::tell);
            return interrupts.exitCode().orElse(ledger.isClean() ? ExitCode.OK : ExitCode.FAILED);
        }
    }

    private void finish(Executor executor) {
        output.aside("finishing what has begun; once more stops at once");
        executor.finish(Executor.INTERRUPTED);
    }

    /** Who asks a third time does not want the ledger either; what was done is in the journal. */
    private static void halt() {
        Runtime.getRuntime().halt(ExitCode.INTERRUPTED.number());
    }

    private void tell(IOException e) {
        output.aside("warning: the journal is not complete: " + e.getMessage());
    }

    /** Where it cannot be told, nothing is held back: the plan has proved that there was enough. */
    private static ByteSize availableMemory() {
        try {
            return HostProbe.ofThisHost().facts().memory().available();
        } catch (IOException e) {
            return new ByteSize(Long.MAX_VALUE);
        }
    }

    private Consumer<Event> view() {
        if (output.isJson()) {
            return new EventJson(output.out(), resume);
        }
        return Output.isTerminal() ? LiveEvents.onTerminal(output.out(), output.palette(), resume)
                : new EventText(output.out(), output.palette(), resume);
    }
}
