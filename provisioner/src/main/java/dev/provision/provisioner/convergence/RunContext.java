package dev.provision.provisioner.convergence;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;

import dev.provision.hypervisor.Driver;
import dev.provision.hypervisor.MachineId;
import dev.provision.planner.plan.Plan;
import dev.provision.provisioner.events.Event;

/** What the machines of one run share. */
final class RunContext {

    private final String fleet;
    private final Driver driver;
    private final Admission admission;
    private final Semaphore boots;
    private final Announcer announcer;
    private final Map<String, Milestones> milestones = new ConcurrentHashMap<>();

    RunContext(Driver driver, Plan plan, Announcer announcer) {
        this.fleet = plan.fleet();
        this.driver = driver;
        this.admission = new Admission(plan.pool().size());
        this.boots = new Semaphore(plan.pool().maxConcurrentBoots(), true);
        this.announcer = announcer;
    }

    Driver driver() {
        return driver;
    }

    Admission admission() {
        return admission;
    }

    /** As many permits as machines may boot at the same time. */
    Semaphore boots() {
        return boots;
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
