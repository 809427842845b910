package dev.provision.provisioner.watch;

import java.io.IOException;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;

import dev.provision.hypervisor.DriverException;
import dev.provision.planner.plan.Plan;
import dev.provision.provisioner.events.Ledger;
import dev.provision.schema.fleet.Fleet;

/** What a watch asks of the world. Called by one thread. */
public interface WatchedFleet {

    /** Reads the manifest; empty when it is wrong, which a person has been told. */
    Optional<Fleet> read() throws IOException;

    /** Whether the manifest is another text than when it was read. */
    boolean isEdited() throws IOException;

    /**
     * Looks at what is there and plans.
     *
     * @param heldBack
     *            names of machines that nothing is done to
     */
    Plan plan(Fleet fleet, Set<String> heldBack) throws IOException, DriverException, InterruptedException;

    /** When the time of each machine that is there and has one is over, by name, as of the last plan. */
    SortedMap<String, Instant> expiries();

    /** Names of machines that this plan changes more than is allowed without a person's word. */
    Set<String> notAllowed(Plan plan);

    /** Executes a plan; returns also when it was told to stop in the middle. */
    Ledger execute(Plan plan) throws IOException;

    /** From now on the end of each of the fleet's VMMs is told, those that are followed already once. */
    void follow() throws IOException;
}
