package dev.provision.provisioner.convergence;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;

import dev.provision.hypervisor.Driver;
import dev.provision.planner.diff.Disruption;
import dev.provision.planner.plan.MachineChange;
import dev.provision.planner.plan.OutOfScope;
import dev.provision.planner.plan.Plan;
import dev.provision.provisioner.events.Event;
import dev.provision.provisioner.events.Ledger;
import dev.provision.provisioner.events.Outcome;
import dev.provision.schema.fleet.Condition;
import dev.provision.schema.fleet.MachineSpec;
import dev.provision.schema.fleet.RestartPolicy;
import dev.provision.schema.units.ByteSize;

/**
 * Executes a plan: each machine on a thread of its own, dependencies first, boots admitted from the resource pool. Decides
 * nothing: what is done is in the plan. One machine's failure stops its dependents and nobody else.
 */
public final class Executor {

    /** Why nothing was done to a machine, where a person has ended the run. */
    public static final String INTERRUPTED = "interrupted before its first step";

    /** Steps answer an interrupt at once or within the deadline of one request to a VMM. */
    private static final Duration INTERRUPT_GRACE = Duration.ofSeconds(10);

    private final Plan plan;
    private final Announcer announcer;
    private final RunContext context;
    private final ConcurrentMap<String, MachineRun> runs = new ConcurrentHashMap<>();
    private final ConcurrentMap<String, Future<?>> awaitedJobs = new ConcurrentHashMap<>();
    private final ExecutorService machineThreads = Executors.newVirtualThreadPerTaskExecutor();
    private final ExecutorService jobWatchers = Executors.newVirtualThreadPerTaskExecutor();

    /**
     * What a run uses of the world.
     *
     * @param availableMemory
     *            what new processes of this host can have now; boots in an automatic pool wait for it
     * @param journal
     *            gets every event before anybody else, a step before it is begun; called by several threads at once. Must not
     *            throw: what cannot be written down is done all the same, since what is there is observed
     * @param listener
     *            is called by one thread at a time
     * @param retryPauses
     *            how long to wait before each further try of a step that failed for a reason that may pass
     */
    public record Surroundings(Driver driver, Supplier<ByteSize> availableMemory, Consumer<Event> journal,
            Consumer<Event> listener, List<Duration> retryPauses) {
        public Surroundings {
            retryPauses = List.copyOf(retryPauses);
        }
    }

    /** Comes to its end when all machines have come up. */
    public Executor(Surroundings surroundings, Plan plan) {
        this(surroundings, plan, Set.of());
    }

    /** @param awaitedJobs names of jobs of the plan that it waits for to end, and whose failures are its own */
    public Executor(Surroundings surroundings, Plan plan, Set<String> awaitedJobs) {
        if (plan.isRefused()) {
            throw new IllegalArgumentException("a plan that is refused is never executed: " + plan.problems());
        }
        this.plan = plan;
        this.announcer = new Announcer(surroundings.listener());
        this.context = new RunContext(surroundings, plan, announcer, new JobEnds(awaitedJobs));
    }

    /**
     * Stops admitting: machines that wait do not begin any more, those that are being changed are changed to the end. From any
     * thread; {@link #execute} returns when the last of them has ended.
     *
     * @param why
     *            the reason of those that did not begin
     */
    public void finish(String why) {
        context.finish(why);
        runs.values().forEach(MachineRun::finish);
        jobWatchers.shutdownNow();
    }

    /**
     * Executes the plan, once, and returns what became of each machine. When the calling thread is interrupted, running
     * steps are interrupted too and the ledger says which machines are unknown; the interrupt stays set. All threads
     * have ended by then, but for steps that do not answer an interrupt within 10 seconds.
     *
     * @throws RuntimeException
     *             the listener's first one; the plan was executed to its end nevertheless
     */
    public Ledger execute() {
        long start = System.nanoTime();
        List<MachineChange> actions = plan.actions();
        context.emit(new Event.RunStarted(plan.fleet(), actions.stream().map(MachineChange::machine).toList()));
        plan.changes().forEach(change -> context.admission().hold(change.demand(plan.pool()).held()));
        plan.changes().stream().filter(change -> change.disruption() == Disruption.KEEP).forEach(this::kept);
        plan.changes().stream().filter(context::isWatchedFromTheBeginning).forEach(this::watch);
        // What goes gives its ports, disks and memory back before anything new asks for them.
        boolean complete = executeAll(actions.stream().filter(Executor::goes).toList())
                && executeAll(actions.stream().filter(change -> !goes(change)).toList());
        complete &= end(machineThreads);
        complete = complete && awaitJobs();
        complete &= end(jobWatchers);
        Ledger ledger = new Ledger(plan.fleet(), outcomes(), Duration.ofNanos(System.nanoTime() - start));
        if (!complete) {
            Thread.currentThread().interrupt();
        }
        Event.RunEnded ended = new Event.RunEnded(ledger);
        context.record(ended);
        announcer.end(ended);
        return ledger;
    }

    private static boolean goes(MachineChange change) {
        return change.disruption() == Disruption.DESTROY;
    }

    private void kept(MachineChange change) {
        Milestones reached = context.milestonesOf(change.machine());
        boolean expired = change.outOfScope().equals(Optional.of(OutOfScope.EXPIRED));
        if (change.running() || expired) { // it was once, and will not be again: who needs it has had it
            reached.reach(Condition.STARTED);
            reached.reach(Condition.READY);
        }
        if (expired) {
            reached.fail("the ttl of `" + change.machine() + "` was over");
        } else if (change.demand(plan.pool()).job() || (!change.running() && canEnd(change))) {
            // One that has ended was started: that it has is told by its watch.
            watch(change);
        } else if (!change.running()) {
            reached.fail("`" + change.machine() + "` is down and not part of this plan");
        } else {
            reached.failCompletion(change.machine());
        }
    }

    private static boolean canEnd(MachineChange change) {
        return change.wanted()
                .map(MachineSpec::workload)
                .filter(workload -> workload.restart() != RestartPolicy.ALWAYS && !workload.command().isEmpty())
                .isPresent();
    }

    /** Returns whether all of them came to their end; not when we were interrupted before. */
    private boolean executeAll(List<MachineChange> changes) {
        if (context.isFinishing()) {
            return true;
        }
        if (Thread.interrupted()) {
            return false;
        }
        // All are counted before the first one runs: who waits then must not think that nobody else is there.
        changes.forEach(_ -> context.admission().begin());
        List<MachineRun> begun = changes.stream().map(this::runOf).toList();
        context.admission().enqueue(begun.stream().flatMap(run -> run.firstTicket().stream()).toList());
        List<? extends Future<?>> tasks = begun.stream().map(machineThreads::submit).toList();
        try {
            for (Future<?> task : tasks) {
                task.get();
            }
            return true;
        } catch (InterruptedException e) {
            return false;
        } catch (ExecutionException e) {
            throw new IllegalStateException("machines' runs report their failures as outcomes", e.getCause());
        }
    }

    private MachineRun runOf(MachineChange change) {
        MachineRun run = new MachineRun(context, change, () -> watch(change));
        runs.put(change.machine(), run);
        if (context.isFinishing()) {
            run.finish();
        }
        return run;
    }

    private void watch(MachineChange change) {
        context.admission().begin();
        try {
            Future<?> watch = jobWatchers.submit(new JobWatch(context, change));
            if (context.jobEnds().isAwaited(change.machine())) {
                awaitedJobs.put(change.machine(), watch);
            }
        } catch (RejectedExecutionException e) {
            // The run is over: nobody waits for the job any more.
            context.admission().end();
        }
    }

    /** Returns whether all ended that somebody waits for, or nobody waits any more; not when we were interrupted before. */
    private boolean awaitJobs() {
        awaitedJobs.forEach((job, watch) -> {
            if (!watch.isDone() && !context.isFinishing()) {
                context.emit(new Event.Waiting(job, "for its job to end"));
            }
        });
        try {
            for (Future<?> watch : awaitedJobs.values()) {
                watch.get();
            }
            return true;
        } catch (InterruptedException e) {
            return false;
        } catch (ExecutionException e) {
            throw new IllegalStateException("watches report their failures as outcomes", e.getCause());
        }
    }

    /** Interrupts and awaits what still runs; returns whether we were not interrupted ourselves. */
    private static boolean end(ExecutorService threads) {
        threads.shutdownNow();
        try {
            boolean _ = threads.awaitTermination(INTERRUPT_GRACE.toSeconds(), TimeUnit.SECONDS);
            return true;
        } catch (InterruptedException e) {
            return false;
        }
    }

    private SequencedMap<String, Outcome> outcomes() {
        SequencedMap<String, Outcome> outcomes = new LinkedHashMap<>();
        for (MachineChange change : plan.changes()) {
            context.jobEnds()
                    .outcome(change, ofMachine(change))
                    .ifPresent(outcome -> outcomes.put(change.machine(), outcome));
        }
        return outcomes;
    }

    private Optional<Outcome> ofMachine(MachineChange change) {
        if (change.disruption() == Disruption.KEEP) {
            return Optional.empty();
        }
        MachineRun run = runs.get(change.machine());
        return Optional.of(run == null ? new Outcome.Skipped(context.notBegun()) : run.outcome());
    }
}
