package dev.provision.provisioner.convergence;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import dev.provision.hypervisor.DriverException;
import dev.provision.planner.plan.MachineChange;
import dev.provision.provisioner.events.Event;
import dev.provision.provisioner.events.Ledger;
import dev.provision.provisioner.events.Outcome;
import dev.provision.schema.fleet.Condition;

import static dev.provision.provisioner.convergence.Plans.creation;
import static dev.provision.provisioner.convergence.Plans.destroy;
import static dev.provision.provisioner.convergence.Plans.plan;
import static dev.provision.provisioner.convergence.Plans.service;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Ctrl-C at any moment ends in a ledger that tells the truth. */
@Timeout(60)
class InterruptTest {

    private static final Outcome SKIPPED = new Outcome.Skipped("interrupted before its first step");

    private final RecordingDriver driver = new RecordingDriver();
    private final List<Event> events = new ArrayList<>();
    private final Thread runner = Thread.currentThread();

    @AfterEach
    void clearInterrupt() {
        boolean _ = Thread.interrupted();
    }

    private Ledger execute(MachineChange... changes) {
        return Runs.execute(driver, plan(100, changes), events::add);
    }

    /** The person presses Ctrl-C while this call is being made. */
    private void interruptDuring(String call) {
        driver.on(call, () -> {
            runner.interrupt();
            Thread.sleep(Duration.ofHours(1));
        });
    }

    @Test
    void middleOfAStepIsUnknownAndTheRestIsSkipped() throws InterruptedException {
        interruptDuring("ready a");
        // b asks for its share only once a holds the pool's larger part: without that, it could be first.
        Ledger ledger = execute(creation(service("a", 60, Map.of())),
                creation(service("b", 60, Map.of("a", Condition.STARTED))),
                creation(service("c", 1, Map.of("a", Condition.READY))));
        assertTrue(Thread.interrupted(), "the interrupt stays set");
        assertEquals(new Outcome.Unknown("boot"), ledger.outcomes().get("a"));
        assertInstanceOf(Outcome.Skipped.class, ledger.outcomes().get("b"));
        assertInstanceOf(Outcome.Skipped.class, ledger.outcomes().get("c"));
        assertEquals(new Event.RunEnded(ledger), events.getLast());
        for (Thread thread : driver.threads()) {
            assertTrue(thread.join(Duration.ofSeconds(5)), thread::toString);
        }
    }

    @Test
    void duringDestroysNothingNewIsBegun() {
        interruptDuring("stop old");
        Ledger ledger = execute(destroy("old"), creation(service("new", 1, Map.of())));
        assertEquals(new Outcome.Unknown("stop"), ledger.outcomes().get("old"));
        assertEquals(SKIPPED, ledger.outcomes().get("new"));
        assertEquals(List.of("stop old"), driver.calls());
        assertTrue(Thread.interrupted());
    }

    @Test
    void beforeTheRunNothingIsBegun() {
        runner.interrupt();
        Ledger ledger = execute(creation(service("a", 1, Map.of())));
        assertEquals(SKIPPED, ledger.outcomes().get("a"));
        assertEquals(List.of(), driver.calls());
        assertTrue(Thread.interrupted());
    }

    @Test
    void driverThatReportsTheInterruptAsAFailureIsUnknownToo() {
        driver.on("start a", () -> {
            runner.interrupt();
            try {
                Thread.sleep(Duration.ofHours(1));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new DriverException("channel closed", "");
            }
        });
        assertEquals(new Outcome.Unknown("boot"),
                execute(creation(service("a", 1, Map.of()))).outcomes().get("a"));
    }

    @Test
    void stepThatSwallowsTheInterruptIsTheLastOne() {
        driver.on("create a", () -> {
            runner.interrupt();
            try {
                Thread.sleep(Duration.ofHours(1));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        assertEquals(new Outcome.Unknown("create"), execute(creation(service("a", 1, Map.of()))).outcomes().get("a"));
        assertEquals(List.of("create a"), driver.calls());
    }

    @Test
    void completeRunLeavesNoInterruptBehind() {
        assertTrue(execute(creation(service("a", 1, Map.of()))).isClean());
        assertFalse(Thread.currentThread().isInterrupted());
    }
}
