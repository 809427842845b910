package dev.provision.provisioner.cli;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import dev.provision.hypervisor.DriverException;
import dev.provision.hypervisor.host.accelerator.AcceleratorRequest;
import dev.provision.planner.plan.MachineChange;
import dev.provision.planner.plan.Permission;
import dev.provision.planner.plan.Plan;
import dev.provision.provisioner.convergence.Executor;
import dev.provision.provisioner.events.Event;
import dev.provision.provisioner.events.Ledger;
import dev.provision.provisioner.metrics.MetricsServer;
import dev.provision.provisioner.plans.PlanJson;
import dev.provision.provisioner.plans.SavedPlan;
import dev.provision.provisioner.views.EventJson;
import dev.provision.provisioner.views.EventText;
import dev.provision.provisioner.views.PlanText;
import dev.provision.provisioner.watch.FileWatch;
import dev.provision.provisioner.watch.Trigger;
import dev.provision.provisioner.watch.Triggers;
import dev.provision.provisioner.watch.Watch;
import dev.provision.provisioner.watch.WatchedFleet;
import dev.provision.schema.fleet.Fleet;

/** {@code apply --watch} on this host: files, processes, signals and the terminal for a {@link Watch}. */
final class WatchRun implements WatchedFleet {

    private final Planning planning;
    private final AcceleratorRequest accelerator;
    private final Permission permission;
    private final ProblemOutput output;
    private final FleetSession session;
    private final Fleet first;
    private final Triggers triggers = new Triggers();
    private final CurrentRun current = new CurrentRun();
    private final FollowedVmms vmms;
    private final Consumer<Event> view;
    private final Figures figures;
    private final WatchOptions options;
    private @Nullable FileWatch files;
    private Fleet planned;

    /** The last one, as long as nothing was done since. */
    private Planning.@Nullable Look look;
    private SortedMap<String, Instant> expiries = Collections.emptySortedMap();
    private SortedMap<String, String> failedJobs = Collections.emptySortedMap();

    WatchRun(Planning planning, AcceleratorRequest accelerator, Permission permission, ProblemOutput output,
            FleetSession session, Fleet first, WatchOptions options) throws IOException {
        this.planning = planning;
        this.accelerator = accelerator;
        this.permission = permission;
        this.output = output;
        this.session = session;
        this.first = first;
        this.planned = first;
        this.options = options;
        this.figures = new Figures(options.metrics());
        this.vmms = new FollowedVmms(first.name(), this::ended);
        this.view = output.isJson() ? new EventJson(output.out(), "")
                : new EventText(output.out(), output.palette(), "");
    }

    /** Goes on until a signal ends it: the first lets what has begun come to its end, the second does not. */
    ExitCode run() throws IOException {
        Thread runner = Thread.currentThread();
        try (FileWatch watchedFiles = new FileWatch(() -> happened(new Trigger.Reread()));
                FollowedVmms _ = vmms;
                @Nullable
                MetricsServer _ = figures.serve(output);
                Interrupts _ = Interrupts.on(List.of("HUP"), () -> happened(new Trigger.Reread()));
                Interrupts ending = Interrupts.on(List.of("INT", "TERM"), this::stop, runner::interrupt)) {
            files = watchedFiles;
            followSources();
            return watch(ending);
        }
    }

    private ExitCode watch(Interrupts ending) {
        boolean interrupted;
        try {
            new Watch(this, first, triggers, InstantSource.system(), options.interval(), this::tell).run();
            interrupted = Thread.interrupted();
        } catch (InterruptedException e) {
            interrupted = true;
        }
        return interrupted ? ending.exitCode().orElse(ExitCode.INTERRUPTED) : ExitCode.OK;
    }

    private void stop() {
        output.aside("stops when what has begun is done; machines go on; once more stops at once");
        happened(new Trigger.Stop());
    }

    private void happened(Trigger trigger) {
        triggers.accept(trigger);
        current.happened(trigger);
    }

    private void seen(Event event) {
        current.seen(event);
        figures.accept(event);
        view.accept(event);
    }

    @Override
    public void ended(String machine) {
        figures.vmmEnded(machine);
        happened(new Trigger.VmmEnded(machine));
    }

    private void tell(Event event) {
        session.journal().accept(event);
        seen(event);
    }

    @Override
    public Optional<Fleet> read() throws IOException {
        Optional<Fleet> fleet;
        try {
            fleet = planning.fleet(output::problemsOfRun);
        } catch (CommandFailedException e) { // such as of a file with values that is gone
            output.aside("error: " + e.getMessage() + "; " + e.fix());
            return Optional.empty();
        }
        followSources();
        return fleet;
    }

    /** The manifest may include others now. Where they cannot be watched, the next look finds out that they were edited. */
    private void followSources() {
        FileWatch watched = files;
        try {
            if (watched != null) {
                watched.follow(planning.sources());
            }
        } catch (IOException e) {
            output.aside("warning: changes of the manifest are seen late: " + e.getMessage());
        }
    }

    @Override
    public boolean isEdited() throws IOException {
        return planning.isEdited();
    }

    @Override
    public Plan plan(Fleet fleet, Set<String> heldBack) throws IOException, DriverException, InterruptedException {
        Site site = site();
        Planning.Look found = planning.lookBeside(heldBack, fleet, site, site.observer());
        look = found;
        planned = fleet;
        expiries = found.expiries();
        failedJobs = FailedJobs.of(found.observed());
        return found.plan();
    }

    @Override
    public SortedMap<String, Instant> expiries() {
        return expiries;
    }

    @Override
    public SortedMap<String, String> failedJobs() {
        return failedJobs;
    }

    /** Made anew for each look: it knows what memory the host has left. */
    private Site site() throws IOException {
        return Site.ofThisHost(accelerator);
    }

    @Override
    public Set<String> notAllowed(Plan plan) {
        return plan.actions()
                .stream()
                .filter(change -> !permission.allows(change))
                .map(MachineChange::machine)
                .collect(Collectors.toSet());
    }

    @Override
    public Ledger execute(Plan plan, Duration most) throws IOException {
        if (current.isStopped()) {
            return new Ledger(plan.fleet(), new LinkedHashMap<>(), Duration.ZERO);
        }
        look = null;
        show(plan);
        Site site = site();
        Expirations.before(plan, planned, site);
        expectEnds(plan);
        Executor executor = new Run(site.driver(), output, site.timekeeper(plan), session, "").executor(plan,
                event -> {
                    seen(event);
                    followDone(event, site);
                });
        return current.execute(executor, plan, most);
    }

    /** From when it is up, not from when the others are: they may take long. */
    private void followDone(Event event, Site site) {
        if (event instanceof Event.MachineEnded) {
            try {
                vmms.follow(site);
            } catch (IOException e) {
                // The look that follows the run tries again, and says so.
            }
        }
    }

    /** Of machines that are made by this plan: looked at a moment too early, they tell the very instant. */
    private void expectEnds(Plan plan) {
        SortedMap<String, Instant> ends = new TreeMap<>(expiries);
        Instant now = Instant.now();
        plan.actions()
                .stream()
                .filter(MachineChange::boots)
                .forEach(change -> change.wanted()
                        .flatMap(spec -> spec.lifecycle().ttl())
                        .ifPresent(ttl -> ends.putIfAbsent(change.machine(), now.plus(ttl))));
        expiries = ends;
    }

    private void show(Plan plan) {
        if (output.isJson()) {
            output.line(PlanJson.planned(SavedPlan.unbound(plan)));
        } else {
            new PlanText(output.out(), output.palette()).print(plan);
            output.problems(plan.problems());
        }
    }

    @Override
    public Set<String> follow() throws IOException, DriverException, InterruptedException {
        Site site = site();
        if (figures.areWanted()) {
            Planning.Look last = look;
            figures.looked(last == null ? planning.lookBeside(Set.of(), planned, site, site.observer()) : last);
        }
        return vmms.follow(site);
    }
}
