package dev.provision.provisioner.watch;

import java.io.IOException;
import java.time.Duration;
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

    /** How each job that has failed did, by name, as of the last plan: {@code ended with exit code 3}. */
    SortedMap<String, String> failedJobs();

    /**
     * Executes a plan; returns also when it was told to stop in the middle, and when something has happened to a machine that it
     * is done with while it waits: whoever was not begun is skipped then.
     *
     * @param most
     *            for so long it waits for anything, at most
     */
    Ledger execute(Plan plan, Duration most) throws IOException;

    /**
     * From now on the end of each of the fleet's VMMs is told, those that are followed already once.
     *
     * @return the machines whose VMM runs
     */
    Set<String> follow() throws IOException, DriverException, InterruptedException;

    /** A machine's VMM has ended before anybody followed it: that is told as the end of any other. */
    void ended(String machine);
}
