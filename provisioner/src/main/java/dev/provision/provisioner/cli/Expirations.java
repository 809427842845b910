package dev.provision.provisioner.cli;

import java.io.IOException;
import java.time.Instant;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

import dev.provision.hypervisor.store.ExpiredMachine;
import dev.provision.hypervisor.store.ExpiredMachines;
import dev.provision.planner.plan.Lifetimes;
import dev.provision.planner.plan.MachineChange;
import dev.provision.planner.plan.Plan;
import dev.provision.schema.fleet.Fleet;
import dev.provision.schema.fleet.FleetMachine;
import dev.provision.schema.fleet.MachineSpec;

/** What the store remembers of machines whose time was over, and when it does. */
final class Expirations {

    private Expirations() {}

    /** Whose time is over now, where nobody is asked. Who is not in the fleet any more is forgotten. */
    static Lifetimes unattended(Site site, Fleet fleet) throws IOException {
        SortedMap<String, MachineSpec> ended = new TreeMap<>();
        for (Map.Entry<String, ExpiredMachine> expired : machines(site).of(fleet.name()).entrySet()) {
            if (fleet.machines().containsKey(expired.getKey())) {
                ended.put(expired.getKey(), expired.getValue().written());
            } else {
                machines(site).forget(fleet.name(), expired.getKey());
            }
        }
        return Lifetimes.unattended(Instant.now(), ended);
    }

    /**
     * To be called before a plan is executed: who goes because its time is over is noted first, since a crash in between must not
     * bring it back; who begins a new life, or goes for another reason, is forgotten.
     */
    static void before(Plan plan, Fleet fleet, Site site) throws IOException {
        ExpiredMachines machines = machines(site);
        for (MachineChange change : plan.actions()) {
            FleetMachine written = fleet.machines().get(change.machine());
            if (change.isExpiry() && written != null) {
                machines.note(fleet.name(), new ExpiredMachine(written.spec(), Instant.now()));
            }
        }
        forget(plan, site);
    }

    /** Of machines that a person has made again or taken away nothing is remembered. */
    static void forget(Plan plan, Site site) throws IOException {
        for (MachineChange change : plan.actions()) {
            if (!change.isExpiry() && (change.boots() || change.wanted().isEmpty())) {
                machines(site).forget(plan.fleet(), change.machine());
            }
        }
    }

    /** The fleet is gone, and with it all that was remembered of it. */
    static void forgetAll(String fleet, Site site) throws IOException {
        for (String machine : machines(site).of(fleet).keySet()) {
            machines(site).forget(fleet, machine);
        }
    }

    /** When those of a fleet went that are not there any more, by name. */
    static SortedMap<String, Instant> of(String fleet, Site site) throws IOException {
        SortedMap<String, Instant> gone = new TreeMap<>();
        machines(site).of(fleet).forEach((name, expired) -> gone.put(name, expired.at()));
        return gone;
    }

    private static ExpiredMachines machines(Site site) {
        return new ExpiredMachines(site.directories().layout());
    }
}
