package dev.provision.provisioner.convergence;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import dev.provision.hypervisor.Driver;
import dev.provision.hypervisor.MachineId;
import dev.provision.planner.capacity.ResourcePool;
import dev.provision.planner.plan.MachineChange;
import dev.provision.planner.plan.Plan;
import dev.provision.planner.schedule.Demand;
import dev.provision.planner.schedule.Schedule;
import dev.provision.provisioner.events.Event;

/** What the machines of one run share. */
final class RunContext {

    private final String fleet;
    private final Driver driver;
    private final Admission admission;
    private final Schedule schedule;
    private final ResourcePool pool;
    private final Announcer announcer;
    private final Map<String, Milestones> milestones = new ConcurrentHashMap<>();

    RunContext(Driver driver, Plan plan, Announcer announcer) {
        this.fleet = plan.fleet();
        this.driver = driver;
        this.admission = new Admission(plan.pool().size(), plan.pool().maxConcurrentBoots());
        this.schedule = plan.schedule();
        this.pool = plan.pool();
        this.announcer = announcer;
    }

    Driver driver() {
        return driver;
    }

    Admission admission() {
        return admission;
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

    MachineId id(String machine) {
        return new MachineId(fleet, machine);
    }

    Milestones milestonesOf(String machine) {
        return milestones.computeIfAbsent(machine, _ -> new Milestones());
    }

    void emit(Event event) {
        announcer.emit(event);
    }
}
