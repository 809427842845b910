package dev.provision.provisioner.convergence;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import dev.provision.hypervisor.DriverException;
import dev.provision.planner.observed.MachineState;
import dev.provision.planner.observed.ObservedMachine;
import dev.provision.planner.plan.Plan;
import dev.provision.planner.plan.Step;
import dev.provision.provisioner.events.Event;
import dev.provision.provisioner.events.Ledger;
import dev.provision.provisioner.events.Outcome;
import dev.provision.schema.fleet.MachineSpec;

import static dev.provision.provisioner.convergence.Plans.creation;
import static dev.provision.provisioner.convergence.Plans.live;
import static dev.provision.provisioner.convergence.Plans.plan;
import static dev.provision.provisioner.convergence.Plans.restart;
import static dev.provision.provisioner.convergence.Plans.service;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What passes is tried again, and nothing is done to a machine that is another one than the plan found. */
@Timeout(60)
class RetryTest {

    private final RecordingDriver driver = new RecordingDriver();
    private final List<Event> events = new ArrayList<>();
    private final MachineSpec a = service("a", 1, Map.of());

    private void failing(String call, int times, boolean passing) {
        AtomicInteger left = new AtomicInteger(times);
        driver.on(call, () -> {
            if (left.getAndDecrement() > 0) {
                throw passing ? DriverException.passing("no process left", "wait", new IOException("EAGAIN"))
                        : new DriverException("no image", "build it");
            }
        });
    }

    @Test
    void whatPassesIsTriedAgainAndEachTryIsShown() {
        failing("start a", 2, true);
        assertTrue(Runs.execute(driver, plan(100, creation(a)), events::add).isClean());
        assertEquals(List.of("create a", "start a", "start a", "start a", "ready a"), driver.calls());
        assertEquals(List.of(
                new Event.Retrying("a", new Step.Start(a), "no process left", 1, Duration.ofMillis(1)),
                new Event.Retrying("a", new Step.Start(a), "no process left", 2, Duration.ofMillis(2))),
                events.stream().filter(Event.Retrying.class::isInstance).toList());
    }

    @Test
    void triesAreCounted() {
        failing("start a", 100, true);
        Ledger ledger = Runs.execute(driver, plan(100, creation(a)), events::add);
        assertEquals(new Outcome.Failed("no process left", "wait", List.of()), ledger.outcomes().get("a"));
        assertEquals(3, driver.calls().stream().filter("start a"::equals).count());
    }

    @Test
    void whatLastsIsNotTriedAgain() {
        failing("start a", 1, false);
        Ledger ledger = Runs.execute(driver, plan(100, creation(a)), events::add);
        assertEquals(new Outcome.Failed("no image", "build it", List.of()), ledger.outcomes().get("a"));
        assertEquals(List.of("create a", "start a"), driver.calls());
    }

    private Outcome whenFound(Plan plan, MachineState state, Optional<MachineSpec> applied) {
        Executor executor = Runs.of(driver, plan, events::add);
        driver.found(new ObservedMachine("a", state, applied, Optional.empty()));
        return Objects.requireNonNull(executor.execute().outcomes().get("a"));
    }

    @Test
    void machineThatDiedMeanwhileIsNotTouched() {
        assertEquals(new Outcome.Skipped("it has changed since the plan was made: its VMM is gone"),
                whenFound(plan(100, live(a, 2)), new MachineState.Dead("killed"), live(a, 2).applied()));
        assertEquals(List.of(), driver.calls());
    }

    @Test
    void machineThatSomebodyHasMadeMeanwhileIsNotTouched() {
        assertEquals(new Outcome.Skipped("it has changed since the plan was made: its VMM runs now"),
                whenFound(plan(100, creation(a)),
                        new MachineState.Running(7, true, Optional.empty(), Optional.empty()), Optional.of(a)));
        assertEquals(List.of(), driver.calls());
    }

    @Test
    void machineWithAnotherRecordIsNotTouched() {
        assertEquals(new Outcome.Skipped("it has changed since the plan was made: its record is another one now"),
                whenFound(plan(100, restart(a)),
                        new MachineState.Running(7, true, Optional.empty(), Optional.empty()),
                        Optional.of(service("a", 3, Map.of()))));
        assertEquals(List.of(), driver.calls());
    }

    @Test
    void whatChangesByItselfIsNoOtherMachine() {
        assertEquals(new Outcome.Done(), whenFound(plan(100, live(a, 2)),
                new MachineState.Running(8, false, Optional.empty(), Optional.of(1)), live(a, 2).applied()));
    }

    @Test
    void everyStepIsInTheJournalBeforeItIsBegun() {
        List<String> order = new ArrayList<>();
        for (String call : List.of("create a", "start a")) {
            driver.on(call, () -> order.add(call));
        }
        Runs.of(driver, plan(100, creation(a)), event -> {
            if (event instanceof Event.StepStarted started) {
                order.add("journal " + StepNames.word(started.step()));
            }
        }, events::add).execute();
        assertEquals(List.of("journal create", "create a", "journal start", "start a"), order);
    }
}
