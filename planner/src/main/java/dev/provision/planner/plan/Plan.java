package dev.provision.planner.plan;

import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;

import dev.provision.planner.capacity.CapacityCheck;
import dev.provision.planner.capacity.Claim;
import dev.provision.planner.capacity.ResourcePool;
import dev.provision.planner.capacity.Share;
import dev.provision.planner.diff.Disruption;
import dev.provision.planner.host.AcceleratorChoice;
import dev.provision.planner.observed.ObservedFleet;
import dev.provision.planner.schedule.Demand;
import dev.provision.planner.schedule.Schedule;
import dev.provision.planner.schedule.Scheduler;
import dev.provision.schema.diagnostics.Code;
import dev.provision.schema.diagnostics.Diagnostic;
import dev.provision.schema.diagnostics.Problems;

/**
 * The complete value between what is wanted and what is there. A plan with errors is shown, never executed.
 *
 * @param changes
 *            one for every machine of fleet and host, also those that are kept; machines that go first, then the others
 *            with dependencies before dependents
 * @param schedule
 *            who is admitted to the pool when; empty when the plan is refused
 * @param refreshOnly
 *            records are compared with what is really there and changed; the manifest is compared with nothing, and no
 *            machine is touched
 */
public record Plan(String fleet, AcceleratorChoice accelerator, ResourcePool pool, List<MachineChange> changes,
        Schedule schedule, List<Diagnostic> problems, boolean refreshOnly) {

    /** What refuses a fleet because it is too large. */
    private static final Set<Code> CAPACITY = EnumSet.of(Code.MACHINE_EXCEEDS_HOST, Code.FLEET_EXCEEDS_POOL,
            Code.MACHINE_EXCEEDS_POLICY);

    /** What is warned of as the host is at that instant, and found anew when it is looked at again. */
    private static final Set<Code> PROVED_AGAIN = EnumSet.of(Code.HOST_MEMORY_SHORT, Code.DISK_EXCEEDS_HOST,
            Code.HOST_PORT_TAKEN, Code.HOST_ADDRESS_MISSING);

    public Plan {
        changes = List.copyOf(changes);
        problems = List.copyOf(problems);
    }

    /** A plan that is about machines. */
    public Plan(String fleet, AcceleratorChoice accelerator, ResourcePool pool, List<MachineChange> changes,
            Schedule schedule, List<Diagnostic> problems) {
        this(fleet, accelerator, pool, changes, schedule, problems, false);
    }

    /** Puts a plan together: without errors it has a schedule. */
    static Plan of(String fleet, AcceleratorChoice accelerator, ResourcePool pool, List<MachineChange> planned,
            Planner.Host host, Problems problems) {
        List<MachineChange> changes = planned.stream().map(change -> change.by(host.driver())).toList();
        Schedule schedule = problems.hasErrors() ? Schedule.EMPTY
                : Scheduler.of(changes.stream().map(change -> change.demand(pool)).toList(), pool.size(),
                        pool.maxConcurrentBoots(), host.estimates(), PortMoves.givers(changes));
        return new Plan(fleet, accelerator, pool, changes, schedule, problems.sorted());
    }

    /**
     * The same changes on the host as it is now, scheduled anew: with what its own memory, disks, ports and devices say to
     * them, and refused when what will run does not fit what the pool can hold now.
     *
     * @param host
     *            with who holds what is in the way of the ports of these changes
     */
    public Plan on(ObservedFleet observed, Planner.Host host) {
        Problems found = new Problems();
        found.addAll(problems.stream()
                .filter(problem -> problem.isError() || !PROVED_AGAIN.contains(problem.code()))
                .toList());
        List<Claim> claims = changes.stream()
                .filter(MachineChange::runsAfterwards)
                .flatMap(change -> change.wanted().stream())
                .map(spec -> new Claim(spec, Optional.empty()))
                .toList();
        ResourcePool now = pool.on(host.capacity(), observed);
        CapacityCheck.again(claims, Planner.left(changes), now, observed, host.capacity(), accelerator.accelerator(),
                found);
        DeviceSteps.checkGiven(changes, observed, host, found);
        checkServicesAndLargestJob(now, found);
        return of(fleet, accelerator, now, changes, host, found).with(refreshOnly);
    }

    /** Services together, and each job beside them. */
    private void checkServicesAndLargestJob(ResourcePool other, Problems all) {
        Share services = Share.NOTHING;
        Share largestJob = Share.NOTHING;
        for (MachineChange change : changes) {
            Demand demand = change.demand(other);
            if (demand.job()) {
                largestJob = largestJob.max(demand.wanted());
            } else {
                services = services.plus(demand.wanted());
            }
        }
        Share needed = services.plus(largestJob);
        if (!needed.fitsInto(other.size())) {
            all.add(Diagnostic
                    .error(Code.FLEET_EXCEEDS_POOL,
                            "what will run needs " + needed + "; the resource pool holds " + other + " now")
                    .why("short by " + needed.minus(other.size()).lacking())
                    .fix("free some memory of the host, or make the plan anew"));
        }
    }

    /** Names of the machines that let go of host ports first, because others take them over. */
    public Set<String> portGivers() {
        return PortMoves.givers(changes);
    }

    /**
     * Names of the machines that hold host ports now which another one takes over, by the name of that one: it must not ask
     * for them before they let go.
     */
    public SortedMap<String, SortedSet<String>> portMoves() {
        return PortMoves.of(changes);
    }

    /** The same plan with more problems, such as those of the manifest that it is made from. */
    public Plan withProblems(Collection<Diagnostic> others) {
        Problems all = new Problems();
        all.addAll(others);
        all.addAll(problems);
        return new Plan(fleet, accelerator, pool, changes, schedule, all.sorted(), refreshOnly);
    }

    /** The same plan, of records alone or not. */
    Plan with(boolean onlyRecords) {
        return new Plan(fleet, accelerator, pool, changes, schedule, problems, onlyRecords);
    }

    public boolean isRefused() {
        return problems.stream().anyMatch(Diagnostic::isError);
    }

    /** It is refused because something does not fit, whatever else is wrong. */
    public boolean isOverCapacity() {
        return problems.stream().filter(Diagnostic::isError).map(Diagnostic::code).anyMatch(CAPACITY::contains);
    }

    /** The most disturbing of what happens. */
    public Disruption worst() {
        return changes.stream().map(MachineChange::disruption).reduce(Disruption.KEEP, Disruption::worse);
    }

    /** The machines that something happens to. */
    public List<MachineChange> actions() {
        return changes.stream().filter(change -> change.disruption() != Disruption.KEEP).toList();
    }

    public long count(Disruption disruption) {
        return changes.stream().filter(change -> change.disruption() == disruption).count();
    }
}
