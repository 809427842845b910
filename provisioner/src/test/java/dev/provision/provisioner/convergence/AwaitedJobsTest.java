package dev.provision.provisioner.convergence;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import dev.provision.hypervisor.DriverException;
import dev.provision.planner.plan.MachineChange;
import dev.provision.planner.plan.Plan;
import dev.provision.provisioner.events.Event;
import dev.provision.provisioner.events.Ledger;
import dev.provision.provisioner.events.Outcome;
import dev.provision.schema.fleet.Condition;

import static dev.provision.provisioner.convergence.Plans.completed;
import static dev.provision.provisioner.convergence.Plans.creation;
import static dev.provision.provisioner.convergence.Plans.job;
import static dev.provision.provisioner.convergence.Plans.plan;
import static dev.provision.provisioner.convergence.Plans.service;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** A run that goes on until the jobs of its plan have ended. */
@Timeout(60)
class AwaitedJobsTest {

    private static final Outcome FAILED = new Outcome.Failed("job ended with exit code 3", "provision logs j",
            List.of("it broke"));

    private final RecordingDriver driver = new RecordingDriver();
    private final List<Event> events = new ArrayList<>();

    private Ledger execute(Set<String> awaited, MachineChange... changes) {
        return Runs.of(driver, plan(100, changes), events::add, awaited).execute();
    }

    @Test
    void jobsOfThePlanAreThoseThatRunOrHaveEnded() {
        Plan plan = plan(100, creation(service("s", 1, Map.of())), creation(job("new", 1, Map.of())),
                Plans.running(job("runs", 1, Map.of())), completed(job("ended", 1, Map.of())), Plans.destroy("old"));
        assertEquals(Set.of("new", "runs", "ended"), JobEnds.in(plan, _ -> true));
        assertEquals(Set.of("new"), JobEnds.in(plan, "new"::equals));
    }

    @Test
    void runEndsWhenTheJobHas() {
        driver.on("completion j", () -> Thread.sleep(50));
        Ledger ledger = execute(Set.of("j"), creation(job("j", 1, Map.of())));
        assertTrue(ledger.isClean(), ledger::toString);
        assertTrue(events.contains(new Event.JobEnded("j", 0)), events::toString);
    }

    @Test
    void jobThatFailsHasFailedInTheLedger() {
        driver.exits("j", 3).prints("j", "it broke");
        Ledger ledger = execute(Set.of("j"), creation(job("j", 1, Map.of())),
                creation(service("s", 1, Map.of("j", Condition.READY))));
        assertEquals(Map.of("j", FAILED, "s", new Outcome.Done()), ledger.outcomes());
    }

    @Test
    void jobThatNobodyWaitsForIsDoneWhenItRuns() {
        driver.exits("j", 3);
        assertTrue(execute(Set.of(), creation(job("j", 1, Map.of()))).isClean());
    }

    @Test
    void jobsThatRanAlreadyAreWaitedForAndThoseThatHadFailedAreFailed() {
        driver.exits("j", 3).prints("j", "it broke");
        Ledger ledger = execute(Set.of("j", "runs", "well"), completed(job("j", 1, Map.of())),
                Plans.running(job("runs", 1, Map.of())), completed(job("well", 1, Map.of())));
        assertEquals(Map.of("j", FAILED, "runs", new Outcome.Done()), ledger.outcomes());
    }

    @Test
    void jobWhoseMachineDiesHasFailed() {
        driver.on("completion j", () -> {
            throw new DriverException("its VMM was killed", "look at its console");
        });
        Ledger ledger = execute(Set.of("j"), creation(job("j", 1, Map.of())));
        assertEquals(new Outcome.Failed("job: its VMM was killed", "look at its console", List.of()),
                ledger.outcomes().get("j"));
    }

    @Test
    void jobWhoseVmmIsEndedInItsPlaceHasEndedAsItHas() {
        driver.exits("j", 3).prints("j", "it broke");
        MachineChange over = Plans.over(job("j", 1, Map.of()));
        assertEquals(Set.of("j"), JobEnds.in(plan(100, over), _ -> true));
        Ledger ledger = execute(Set.of("j"), over, creation(service("s", 1, Map.of("j", Condition.COMPLETED))));
        assertEquals(FAILED, ledger.outcomes().get("j"));
        assertTrue(ledger.outcomes().get("s") instanceof Outcome.Skipped, ledger::toString);
        assertTrue(driver.calls().contains("stop j"), driver.calls()::toString);
        assertTrue(events.contains(new Event.JobEnded("j", 3)), events::toString);
    }

    @Test
    void jobThatDoesNotStartIsNotWaitedFor() {
        driver.on("start j", () -> {
            throw new DriverException("no", "");
        });
        assertEquals(Optional.of(new Outcome.Failed("no", "", List.of())),
                Optional.ofNullable(execute(Set.of("j"), creation(job("j", 1, Map.of()))).outcomes().get("j")));
    }

    @Test
    void toFinishEndsTheWaiting() {
        CountDownLatch never = new CountDownLatch(1);
        AtomicReference<Executor> executor = new AtomicReference<>();
        driver.on("completion j", () -> {
            executor.get().finish(Executor.INTERRUPTED);
            never.await();
        });
        executor.set(Runs.of(driver, plan(100, creation(job("j", 1, Map.of()))), events::add, Set.of("j")));
        Ledger ledger = executor.get().execute();
        assertFalse(Thread.currentThread().isInterrupted());
        assertEquals(Map.of("j", new Outcome.Unknown("the wait for its job, which goes on")), ledger.outcomes());
    }
}
