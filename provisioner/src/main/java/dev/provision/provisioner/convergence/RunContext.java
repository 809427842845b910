package dev.provision.provisioner.convergence;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

import dev.provision.hypervisor.Driver;
import dev.provision.hypervisor.MachineId;
import dev.provision.planner.capacity.ResourcePool;
import dev.provision.planner.capacity.Share;
import dev.provision.planner.plan.MachineChange;
import dev.provision.planner.plan.Plan;
import dev.provision.planner.schedule.Demand;
import dev.provision.planner.schedule.Schedule;
import dev.provision.provisioner.events.Event;

/** What the machines of one run share. */
final class RunContext {

    /** What others on the host do is over by then, or lasts. */
    private static final Duration MEMORY_PATIENCE = Duration.ofSeconds(60);
    private static final Duration MEMORY_PAUSE = Duration.ofMillis(500);

    private final String fleet;
    private final Driver driver;
    private final Admission admission;
    private final Schedule schedule;
    private final ResourcePool pool;
    private final SortedMap<String, SortedSet<String>> portMoves;
    private final Set<String> portGivers;
    private final MemoryGate memory;
    private final Consumer<Event> journal;
    private final List<Duration> retryPauses;
    private final Announcer announcer;
    private final JobEnds jobEnds;
    private volatile @Nullable String finished;
    private final Map<String, Milestones> milestones = new ConcurrentHashMap<>();
    private final Map<String, Holding> holdings = new ConcurrentHashMap<>();

    RunContext(Executor.Surroundings surroundings, Plan plan, Announcer announcer, JobEnds jobEnds) {
        this.fleet = plan.fleet();
        this.driver = surroundings.driver();
        this.journal = surroundings.journal();
        this.retryPauses = surroundings.retryPauses();
        this.admission = new Admission(plan.pool().size(), plan.pool().maxConcurrentBoots());
        this.schedule = plan.schedule();
        this.pool = plan.pool();
        this.portMoves = plan.portMoves();
        this.portGivers = plan.portGivers();
        this.memory = new MemoryGate(plan.pool(), surroundings.availableMemory(), MEMORY_PATIENCE, MEMORY_PAUSE);
        this.announcer = announcer;
        this.jobEnds = jobEnds;
    }

    Driver driver() {
        return driver;
    }

    /** How the jobs end that the run waits for. */
    JobEnds jobEnds() {
        return jobEnds;
    }

    /** Where boots wait for the host's memory. */
    MemoryGate memory() {
        return memory;
    }

    Admission admission() {
        return admission;
    }

    /** What the machine holds of the pool. */
    Holding holdingOf(MachineChange change) {
        return holdings.computeIfAbsent(change.machine(), _ -> new Holding(admission, demandOf(change)));
    }

    /** A job that runs, and goes on running whatever is done to it: its end gives back what it holds. */
    boolean isWatchedFromTheBeginning(MachineChange change) {
        Demand demand = demandOf(change);
        return demand.job() && demand.kind() == Demand.Kind.CHANGES && !demand.held().equals(Share.NOTHING)
                && !demand.wanted().equals(Share.NOTHING);
    }

    /** What the change asks of the pool. */
    Demand demandOf(MachineChange change) {
        return change.demand(pool);
    }

    /** Where the machine stands in the queue for the pool. */
    int rank(String machine) {
        return schedule.ranks().getOrDefault(machine, Integer.MAX_VALUE);
    }

    /** Others wait for what the machine holds while it waits itself. */
    boolean stopsFirst(String machine) {
        return schedule.stopFirst().contains(machine);
    }

    /** Machines that let go of host ports before the machine may ask for them. */
    Set<String> portsFrom(String machine) {
        return portMoves.getOrDefault(machine, Collections.emptySortedSet());
    }

    /** Others wait until it lets go of host ports. */
    boolean isGiver(String machine) {
        return portGivers.contains(machine);
    }

    MachineId id(String machine) {
        return new MachineId(fleet, machine);
    }

    Milestones milestonesOf(String machine) {
        return milestones.computeIfAbsent(machine, _ -> new Milestones());
    }

    /** How long to wait before each further try of a step that failed for a reason that may pass. */
    List<Duration> retryPauses() {
        return retryPauses;
    }

    /** Nothing is begun any more. */
    boolean isFinishing() {
        return finished != null;
    }

    void finish(String why) {
        finished = why;
    }

    /** Why nothing was done to a machine that the run had not come to. */
    String notBegun() {
        String why = finished;
        return why == null ? Executor.INTERRUPTED : why;
    }

    /** Writes into the journal what the announcer is told otherwise. */
    void record(Event event) {
        journal.accept(event);
    }

    /** Returns when it is in the journal: what is about to be done is written down before it is done. */
    void emit(Event event) {
        record(event);
        announcer.emit(event);
    }
}
