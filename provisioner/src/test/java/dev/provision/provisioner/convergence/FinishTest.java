package dev.provision.provisioner.convergence;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import dev.provision.planner.plan.MachineChange;
import dev.provision.planner.plan.Plan;
import dev.provision.provisioner.events.Event;
import dev.provision.provisioner.events.Ledger;
import dev.provision.provisioner.events.Outcome;
import dev.provision.schema.fleet.Condition;

import static dev.provision.provisioner.convergence.Plans.creation;
import static dev.provision.provisioner.convergence.Plans.destroy;
import static dev.provision.provisioner.convergence.Plans.job;
import static dev.provision.provisioner.convergence.Plans.plan;
import static dev.provision.provisioner.convergence.Plans.service;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** The first Ctrl-C: what is begun is done to its end, and nothing else is begun. */
@Timeout(60)
class FinishTest {

    private static final Outcome SKIPPED = new Outcome.Skipped("interrupted before its first step");

    private final RecordingDriver driver = new RecordingDriver();
    private final List<Event> events = new ArrayList<>();

    /** Executes the changes, and asks to finish while this call is being made, which goes on afterwards. */
    private Ledger finishDuring(String call, MachineChange... changes) {
        AtomicReference<Executor> executor = new AtomicReference<>();
        driver.on(call, () -> {
            executor.get().finish(Executor.INTERRUPTED);
            Thread.sleep(20);
        });
        Plan plan = plan(100, changes);
        executor.set(Runs.of(driver, plan, events::add));
        Ledger ledger = executor.get().execute();
        assertFalse(Thread.currentThread().isInterrupted());
        assertEquals(new Event.RunEnded(ledger), events.getLast());
        return ledger;
    }

    @Test
    void whatIsBegunIsDoneToItsEnd() {
        Ledger ledger = finishDuring("create a", creation(service("a", 60, Map.of())),
                creation(service("b", 60, Map.of("a", Condition.STARTED))),
                creation(service("c", 1, Map.of("a", Condition.READY))));
        assertEquals(new Outcome.Done(), ledger.outcomes().get("a"));
        assertEquals(SKIPPED, ledger.outcomes().get("b"));
        assertEquals(SKIPPED, ledger.outcomes().get("c"));
        assertEquals(List.of("create a", "start a", "ready a"), driver.calls());
    }

    @Test
    void restartIsNotLeftHalfDone() {
        Ledger ledger = finishDuring("stop a", Plans.restart(service("a", 10, Map.of())));
        assertTrue(ledger.isClean(), ledger::toString);
        assertEquals(List.of("stop a", "save a", "start a", "ready a"), driver.calls());
    }

    @Test
    void duringDestroysNothingNewIsBegun() {
        Ledger ledger = finishDuring("stop old", destroy("old"), creation(service("new", 1, Map.of())));
        assertEquals(new Outcome.Done(), ledger.outcomes().get("old"));
        assertEquals(SKIPPED, ledger.outcomes().get("new"));
    }

    @Test
    void nobodyWaitsForTheEndOfAJob() {
        CountDownLatch never = new CountDownLatch(1);
        driver.on("completion j", never::await);
        Ledger ledger = finishDuring("ready j", creation(job("j", 60, Map.of())),
                creation(service("next", 60, Map.of("j", Condition.COMPLETED))));
        assertEquals(new Outcome.Done(), ledger.outcomes().get("j"));
        assertEquals(SKIPPED, ledger.outcomes().get("next"));
    }

    @Test
    void whoGaveItsRoomAndIsDownSaysSo() {
        // The two wait for each other's room, so the plan stops one of them first.
        Ledger ledger = finishDuring("stop a", Plans.restart(service("a", 90, Map.of()), 10),
                Plans.restart(service("b", 10, Map.of()), 90));
        ledger.outcomes()
                .forEach((machine, outcome) -> assertFalse(outcome instanceof Outcome.Unknown,
                        () -> machine + ": " + outcome));
    }
}
