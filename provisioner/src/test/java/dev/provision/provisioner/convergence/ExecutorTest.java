package dev.provision.provisioner.convergence;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import dev.provision.hypervisor.DriverException;
import dev.provision.planner.diff.Disruption;
import dev.provision.planner.plan.MachineChange;
import dev.provision.planner.plan.OutOfScope;
import dev.provision.planner.plan.Step;
import dev.provision.provisioner.events.Event;
import dev.provision.provisioner.events.Ledger;
import dev.provision.provisioner.events.Outcome;
import dev.provision.schema.fleet.Condition;
import dev.provision.schema.fleet.MachineSpec;
import dev.provision.schema.fleet.PortForward;
import dev.provision.schema.units.QuantityFormatException;

import static dev.provision.provisioner.convergence.Plans.creation;
import static dev.provision.provisioner.convergence.Plans.destroy;
import static dev.provision.provisioner.convergence.Plans.job;
import static dev.provision.provisioner.convergence.Plans.plan;
import static dev.provision.provisioner.convergence.Plans.service;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Order, conditions, failures and events; what concerns the pool is in AdmissionTest and PoolTest. */
@Timeout(60)
class ExecutorTest {

    private static final Map<String, Condition> NONE = Map.of();

    private final RecordingDriver driver = new RecordingDriver();
    private final List<Event> events = new ArrayList<>();

    private Ledger execute(MachineChange... changes) {
        return Runs.execute(driver, plan(100_000, changes), events::add);
    }

    private void assertBefore(String first, String second) {
        List<String> calls = driver.calls();
        assertTrue(calls.contains(first) && calls.indexOf(first) < calls.indexOf(second),
                () -> first + " before " + second + ": " + calls);
    }

    private static DriverException failure() {
        return new DriverException("no", "mend it", List.of("last words"));
    }

    @Test
    void dependenciesGoFirstWhateverTheOrderOfThePlan() {
        Ledger ledger = execute(creation(service("c", 1, Map.of("b", Condition.READY))),
                creation(service("b", 1, Map.of("a", Condition.READY))), creation(service("a", 1, NONE)));
        assertBefore("ready a", "start b");
        assertBefore("ready b", "start c");
        assertTrue(ledger.isClean());
        assertEquals(List.of("c", "b", "a"), List.copyOf(ledger.outcomes().keySet()), "in the plan's order");
    }

    private static MachineSpec with(MachineSpec spec, String... ports) {
        return spec.with(spec.network().with(Arrays.stream(ports).map(port -> {
            try {
                return PortForward.parse(port);
            } catch (QuantityFormatException e) {
                throw new IllegalArgumentException(e);
            }
        }).toList()));
    }

    /** They would wait for each other if one of them let go of its port only when it has the other one. */
    @Test
    void portsAreLetGoOfBeforeAnotherMachineTakesThem() {
        MachineSpec blue = with(service("blue", 1, NONE), "80:80");
        MachineSpec green = with(service("green", 1, NONE), "81:80");
        MachineSpec old = with(service("old", 1, NONE), "90:80");
        MachineSpec fresh = with(service("fresh", 1, NONE), "90:80");
        MachineSpec named = service("old", 1, Map.of("fresh", Condition.READY));
        Ledger ledger = execute(creation(fresh),
                moved(old, named, Disruption.RESTART, new Step.Stop(), new Step.Start(named)),
                moved(blue, with(blue, "81:80"), Disruption.LIVE, new Step.ClosePorts(blue.network().ports()),
                        new Step.SaveSpec(blue),
                        new Step.ForwardPorts(green.network().ports())),
                moved(green, with(green, "80:80"), Disruption.LIVE, new Step.ClosePorts(green.network().ports()),
                        new Step.SaveSpec(green),
                        new Step.ForwardPorts(blue.network().ports())));
        assertTrue(ledger.isClean(), ledger::toString);
        assertBefore("close blue", "ports green");
        assertBefore("close green", "ports blue");
        assertBefore("stop old", "start fresh");
        assertBefore("start fresh", "start old");
    }

    private static MachineChange moved(MachineSpec from, MachineSpec to, Disruption disruption, Step... steps) {
        return new MachineChange(to.name(), disruption, "", List.of(), List.of(steps), Optional.of(to), true,
                Optional.of(from));
    }

    @Test
    void startedDoesNotWaitForReady() {
        CountDownLatch dependentRuns = new CountDownLatch(1);
        driver.on("ready a", dependentRuns::await).on("start b", dependentRuns::countDown);
        assertTrue(execute(creation(service("a", 1, NONE)), creation(service("b", 1, Map.of("a", Condition.STARTED))))
                .isClean());
    }

    @Test
    void completedWaitsForTheJobsEnd() {
        assertTrue(execute(creation(job("a", 1, NONE)), creation(service("b", 1, Map.of("a", Condition.COMPLETED))))
                .isClean());
        assertBefore("completion a", "create b");
    }

    @Test
    void keptMachinesAreThereAlready() {
        driver.exits("done", 0);
        assertTrue(execute(Plans.running(service("db", 1, NONE)), Plans.completed(job("done", 1, NONE)),
                creation(service("web", 1, Map.of("db", Condition.READY, "done", Condition.COMPLETED)))).isClean());
        assertBefore("completion done", "create web");
    }

    @Test
    void keptMachinesThatAreDownAreNotThere() {
        driver.on("completion halted", () -> {
            throw failure();
        }).exits("failed", 3);
        Ledger ledger = execute(Plans.completed(service("db", 1, NONE)), Plans.completed(job("halted", 1, NONE)),
                Plans.completed(job("failed", 1, NONE)),
                creation(service("a", 1, Map.of("db", Condition.STARTED))),
                creation(service("b", 1, Map.of("halted", Condition.READY))),
                creation(service("c", 1, Map.of("failed", Condition.READY))));
        assertEquals(new Outcome.Skipped("`db` is down and not part of this plan"), ledger.outcomes().get("a"));
        assertInstanceOf(Outcome.Skipped.class, ledger.outcomes().get("b"));
        assertEquals(new Outcome.Done(), ledger.outcomes().get("c"), "it has run");
    }

    /** Its time was over: it will not come again, and who needed it has had it. */
    @Test
    void whoDependsOnAnExpiredMachineComesUpWithoutIt() {
        MachineChange expired = new MachineChange("db", Disruption.KEEP, "", List.of(), List.of(), Optional.empty(),
                false, Optional.empty(), List.of(), Optional.of(OutOfScope.EXPIRED), Optional.empty());
        Ledger ledger = execute(expired, creation(service("a", 1, Map.of("db", Condition.READY))),
                creation(service("b", 1, Map.of("db", Condition.COMPLETED))));
        assertEquals(new Outcome.Done(), ledger.outcomes().get("a"));
        assertEquals(new Outcome.Skipped("the ttl of `db` was over"), ledger.outcomes().get("b"));
    }

    @Test
    void failureSkipsDependentsOfDependentsAndNobodyElse() {
        driver.on("start a", () -> {
            throw failure();
        });
        Ledger ledger = execute(creation(service("a", 1, NONE)),
                creation(service("b", 1, Map.of("a", Condition.READY))),
                creation(service("c", 1, Map.of("b", Condition.STARTED))), creation(service("d", 1, NONE)));
        assertEquals(new Outcome.Failed("no", "mend it", List.of("last words")), ledger.outcomes().get("a"));
        Outcome skipped = new Outcome.Skipped("`a` did not come up");
        assertEquals(skipped, ledger.outcomes().get("b"));
        assertEquals(skipped, ledger.outcomes().get("c"), "says what must be mended");
        assertEquals(new Outcome.Done(), ledger.outcomes().get("d"));
        assertTrue(driver.calls().stream().noneMatch(call -> call.endsWith(" b") || call.endsWith(" c")));
        assertTrue(!driver.calls().contains("ready a"), "steps after the failed one are not tried");
    }

    @Test
    void jobThatFailsSkipsWhoeverWaitsForItsCompletionOnly() {
        driver.exits("a", 3);
        Ledger ledger = execute(creation(job("a", 1, NONE)),
                creation(service("b", 1, Map.of("a", Condition.COMPLETED))),
                creation(service("c", 1, Map.of("a", Condition.READY))));
        assertEquals(new Outcome.Done(), ledger.outcomes().get("a"), "it was booted");
        assertEquals(new Outcome.Skipped("job `a` ended with exit code 3", "run the job again: provision restart a"),
                ledger.outcomes().get("b"));
        assertEquals(new Outcome.Done(), ledger.outcomes().get("c"));
    }

    @Test
    @Timeout(20)
    void whoWaitsForTheEndOfWhatIsNoJobIsSkipped() {
        Ledger ledger = execute(Plans.running(service("a", 1, NONE)), creation(service("c", 1, NONE)),
                creation(service("b", 1, Map.of("a", Condition.COMPLETED))),
                creation(service("d", 1, Map.of("c", Condition.COMPLETED))));
        assertEquals(new Outcome.Skipped("`a` is no job and does not complete"), ledger.outcomes().get("b"));
        assertEquals(new Outcome.Skipped("`c` is no job and does not complete"), ledger.outcomes().get("d"));
        assertEquals(new Outcome.Done(), ledger.outcomes().get("c"));
    }

    @Test
    void jobThatCannotBeWatchedHangsNobody() {
        driver.on("completion a", () -> {
            throw failure();
        }).on("completion b", () -> {
            throw new IllegalStateException("unforeseen");
        });
        Ledger ledger = execute(creation(job("a", 1, NONE)), creation(job("b", 1, NONE)),
                creation(service("c", 1, Map.of("a", Condition.COMPLETED))),
                creation(service("d", 1, Map.of("b", Condition.COMPLETED))));
        assertEquals(new Outcome.Skipped("job `a`: no"), ledger.outcomes().get("c"));
        assertTrue(String.valueOf(ledger.outcomes().get("d")).contains("bug in provision"), ledger::toString);
    }

    @Test
    void unforeseenExceptionIsABugOfOneMachine() {
        driver.on("create a", () -> {
            throw new IllegalStateException("unforeseen");
        }).on("create b", () -> {
            throw new StackOverflowError();
        });
        Ledger ledger = execute(creation(service("a", 1, NONE)), creation(service("b", 1, NONE)),
                creation(service("c", 1, NONE)), creation(service("d", 1, Map.of("a", Condition.READY))));
        Outcome.Failed failed = assertInstanceOf(Outcome.Failed.class, ledger.outcomes().get("a"));
        assertTrue(failed.what().contains("this is a bug in provision") && failed.what().contains("unforeseen"));
        assertTrue(failed.what().contains("ExecutorTest"), "says where: " + failed.what());
        assertInstanceOf(Outcome.Failed.class, ledger.outcomes().get("b"));
        assertEquals(new Outcome.Done(), ledger.outcomes().get("c"));
        assertInstanceOf(Outcome.Skipped.class, ledger.outcomes().get("d"));
    }

    @Test
    void destroysGoBeforeCreates() {
        driver.on("remove old", () -> Thread.sleep(50));
        assertTrue(execute(creation(service("new", 1, NONE)), destroy("old")).isClean());
        assertBefore("remove old", "create new");
    }

    @Test
    void boundsConcurrentBoots() {
        int[] booting = {0, 0};
        List<MachineChange> changes = IntStream.range(0, 20)
                .mapToObj(i -> creation(service("m" + i, 1, NONE)))
                .toList();
        changes.forEach(change -> driver.on("create " + change.machine(), () -> {
            synchronized (booting) {
                booting[1] = Math.max(booting[1], ++booting[0]);
            }
            Thread.sleep(5);
        }).on("ready " + change.machine(), () -> {
            synchronized (booting) {
                booting[0]--;
            }
        }));
        assertTrue(Runs.execute(driver, plan(1000, 3, changes), events::add).isClean());
        assertEquals(3, booting[1]);
    }

    @Test
    void whoWaitsForItsProbeKeepsNobodyFromBooting() {
        CountDownLatch quorum = new CountDownLatch(3);
        List<MachineChange> changes = IntStream.range(0, 3)
                .mapToObj(i -> creation(Plans.probed(service("m" + i, 1, NONE))))
                .toList();
        changes.forEach(change -> driver.on("probe " + change.machine(), () -> {
            quorum.countDown();
            quorum.await();
        }));
        assertTrue(Runs.execute(driver, plan(1000, 1, changes), events::add).isClean());
        assertTrue(events.contains(new Event.Waiting("m0", "for `tcp 80` to succeed")), events::toString);
    }

    @Test
    void readyIsWhatTheProbeSays() {
        execute(creation(Plans.probed(service("a", 1, NONE))), creation(service("b", 1, Map.of("a", Condition.READY))));
        assertBefore("probe a", "start b");
    }

    @Test
    void thousandMachinesTakeSeconds() {
        List<MachineChange> changes = IntStream.range(0, 1000)
                .mapToObj(i -> creation(i % 2 == 0 ? service("m" + i, 1, NONE)
                        : job("m" + i, 400, Map.of("m" + (i - 1), Condition.READY))))
                .toList();
        long start = System.nanoTime();
        assertTrue(Runs.execute(driver, plan(1000, 8, changes), events::add).isClean());
        assertTrue(Duration.ofNanos(System.nanoTime() - start).toSeconds() < 20);
    }

    @Test
    void listenerThatFailsStopsNoMachineAndIsToldOf() {
        IllegalStateException thrown = assertThrows(IllegalStateException.class,
                () -> Runs.execute(driver, plan(10, creation(service("a", 1, NONE))), event -> {
                    events.add(event);
                    throw new IllegalStateException("cannot draw");
                }));
        assertEquals("cannot draw", thrown.getMessage());
        assertEquals(List.of("create a", "start a", "ready a"), driver.calls());
        assertEquals(2, events.size(), "the first one, and the ledger nevertheless");
        assertInstanceOf(Event.RunEnded.class, events.getLast());
    }

    @Test
    void noThreadOutlivesTheRun() throws InterruptedException {
        driver.on("completion endless", () -> Thread.sleep(Duration.ofHours(1)));
        execute(creation(job("endless", 1, NONE)), creation(service("a", 1, NONE)));
        for (Thread thread : driver.threads()) {
            assertTrue(thread.join(Duration.ofSeconds(5)), thread::toString);
        }
        assertInstanceOf(Event.RunEnded.class, events.getLast());
    }
}
