package dev.provision.provisioner.convergence;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.SequencedMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.provision.hypervisor.DriverException;
import dev.provision.planner.diff.Disruption;
import dev.provision.planner.plan.MachineChange;
import dev.provision.planner.plan.Plan;
import dev.provision.planner.plan.Step;
import dev.provision.provisioner.events.Event;
import dev.provision.provisioner.events.Ledger;
import dev.provision.provisioner.events.Outcome;
import dev.provision.schema.fleet.Condition;
import dev.provision.schema.fleet.MachineSpec;

import static dev.provision.provisioner.convergence.Plans.creation;
import static dev.provision.provisioner.convergence.Plans.job;
import static dev.provision.provisioner.convergence.Plans.plan;
import static dev.provision.provisioner.convergence.Plans.restart;
import static dev.provision.provisioner.convergence.Plans.running;
import static dev.provision.provisioner.convergence.Plans.service;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Runs under a resource pool: nobody ever exceeds it, everybody gets through. */
@Timeout(120)
class PoolTest {

    private static final Map<String, Condition> NONE = Map.of();

    /** Counts what runs between a machine's start and the end of its job, as the host would feel it. */
    private static final class Meter {
        private final AtomicInteger used = new AtomicInteger();
        private final AtomicInteger most = new AtomicInteger();
        private final RecordingDriver driver = new RecordingDriver();

        void measure(MachineSpec spec, int exitCode, boolean fails) {
            int mib = (int) spec.resources().memory().request().mib();
            driver.exits(spec.name(), exitCode).on("start " + spec.name(), () -> {
                most.accumulateAndGet(used.addAndGet(mib), Math::max);
                if (fails) {
                    used.addAndGet(-mib);
                    throw new DriverException("no", "");
                }
            }).on("completion " + spec.name(), () -> {
                Thread.sleep(1);
                used.addAndGet(-mib);
            });
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
    void randomFleetsStayWithinThePoolAndComeThrough(long seed) {
        Random random = new Random(seed);
        Meter meter = new Meter();
        int pool = 1000;
        int services = 0;
        SequencedMap<String, MachineSpec> specs = new LinkedHashMap<>();
        boolean[] fails = new boolean[80];
        for (int i = 0; i < 80; i++) {
            int mib = 1 + random.nextInt(services < 500 ? 60 : 1);
            boolean job = services > 500 || random.nextBoolean();
            Map<String, Condition> needs = random.nextInt(3) > 0 || i == 0 ? NONE
                    : needs(specs, random.nextInt(i), random);
            MachineSpec spec = job ? job("m" + i, Math.max(1, random.nextInt(pool - 560)), needs)
                    : service("m" + i, mib, needs);
            services += job ? 0 : mib;
            fails[i] = random.nextInt(20) == 0;
            meter.measure(spec, random.nextInt(10) == 0 ? 1 : 0, fails[i]);
            specs.put(spec.name(), spec);
        }
        List<MachineChange> changes = specs.values().stream().map(Plans::creation).toList();
        Ledger ledger = Runs.execute(meter.driver, plan(pool, 4, changes), _ -> {});
        assertTrue(meter.most.get() <= pool, meter.most + " of " + pool);
        assertEquals(0, ledger.count(Outcome.Unknown.class));
        ledger.outcomes().values().forEach(outcome -> {
            if (outcome instanceof Outcome.Skipped skipped) {
                assertTrue(skipped.reason().contains("did not come up") || skipped.reason().contains("exit code"),
                        skipped.reason());
            }
        });
    }

    private static Map<String, Condition> needs(SequencedMap<String, MachineSpec> specs, int index, Random random) {
        MachineSpec target = List.copyOf(specs.values()).get(index);
        return Map.of(target.name(), target.isJob() && random.nextBoolean() ? Condition.COMPLETED : Condition.READY);
    }

    /** Whichever thread comes first. */
    @Test
    void machinesThatWaitForNobodyBootInTheOrderOfThePlan() {
        List<MachineChange> changes = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            changes.add(creation(service("m" + i, 1, NONE)));
        }
        Collections.shuffle(changes, new Random(7));
        Plan plan = plan(100, 1, changes);
        RecordingDriver driver = new RecordingDriver();
        assertTrue(Runs.execute(driver, plan, _ -> {}).isClean());
        assertEquals(plan.schedule().bookings().stream().map(booking -> "start " + booking.machine()).toList(),
                driver.calls().stream().filter(call -> call.startsWith("start ")).toList());
    }

    @Test
    void jobThatNeedsAnotherJobsResultLetsItHaveThePool() {
        Meter meter = new Meter();
        MachineSpec first = job("first", 100, NONE);
        MachineSpec second = job("second", 100, Map.of("first", Condition.COMPLETED));
        meter.measure(first, 0, false);
        meter.measure(second, 0, false);
        assertTrue(Runs.execute(meter.driver, plan(100, creation(second), creation(first)), _ -> {}).isClean());
        assertEquals(100, meter.most.get());
    }

    @Test
    void jobThatFailsToBootOrToBeWatchedFreesThePool() {
        RecordingDriver driver = new RecordingDriver().on("ready a", () -> {
            throw new DriverException("no", "");
        }).on("completion b", () -> {
            throw new DriverException("no", "");
        });
        Ledger ledger = Runs.execute(driver, plan(100, creation(job("a", 100, NONE)), creation(job("b", 100, NONE)),
                creation(job("c", 100, NONE)), creation(job("d", 100, NONE))), _ -> {});
        assertEquals(3, ledger.count(Outcome.Done.class));
    }

    @Test
    void keptJobHoldsItsShareAndGivesItBackOnce() {
        CountDownLatch waits = new CountDownLatch(2);
        AtomicInteger running = new AtomicInteger(1);
        RecordingDriver driver = new RecordingDriver().on("completion kept", () -> {
            waits.await();
            running.decrementAndGet();
        });
        List<MachineChange> changes = new ArrayList<>(List.of(running(job("kept", 60, NONE))));
        for (String name : List.of("a", "b")) {
            driver.on("start " + name, () -> assertEquals(1, running.incrementAndGet(), "alone"))
                    .on("completion " + name, running::decrementAndGet);
            changes.add(creation(job(name, 60, NONE)));
        }
        List<Event> events = new ArrayList<>();
        Ledger ledger = Runs.execute(driver, plan(100, 8, changes), event -> {
            events.add(event);
            if (event instanceof Event.Waiting) {
                waits.countDown();
            }
        });
        assertTrue(ledger.isClean(), ledger::toString);
        assertEquals(0, running.get());
        assertTrue(events.contains(new Event.JobEnded("kept", 0)));
    }

    @Test
    void jobThatIsChangedWhileItRunsGivesItsShareBackToo() {
        assertTrue(Runs.execute(new RecordingDriver(),
                plan(100, Plans.live(job("live", 60, NONE)), creation(job("next", 60, NONE))), _ -> {}).isClean());
    }

    @Test
    void serviceThatGrowsByARestartWaitsForJobsOnly() {
        List<String> order = new ArrayList<>();
        RecordingDriver driver = new RecordingDriver().on("completion one", () -> {
            Thread.sleep(50);
            order.add("job ended");
        }).on("stop grows", () -> order.add("restarted"));
        Ledger ledger = Runs.execute(driver, plan(100, running(job("one", 30, NONE)),
                restart(service("grows", 80, NONE), 60), creation(service("new", 20, NONE))), _ -> {});
        assertTrue(ledger.isClean(), ledger::toString);
        assertEquals(List.of("job ended", "restarted"), order);
    }

    @Test
    void servicesThatGrowAndShrinkAtOnceDoNotWaitForEachOther() {
        assertTrue(Runs.execute(new RecordingDriver(),
                plan(100, restart(service("grows", 70, Map.of("shrinks", Condition.READY)), 30),
                        restart(service("shrinks", 30, NONE), 70)),
                _ -> {}).isClean());
    }

    @Test
    void whoHoldsWhatItsOwnDependencyWaitsForStopsFirst() {
        List<String> order = Collections.synchronizedList(new ArrayList<>());
        RecordingDriver driver = new RecordingDriver().on("stop shrinks", () -> order.add("shrinks stopped"))
                .on("start grows", () -> order.add("grows started"))
                .on("start shrinks", () -> order.add("shrinks started"));
        Ledger ledger = Runs.execute(driver,
                plan(100, restart(service("grows", 70, NONE), 30),
                        restart(service("shrinks", 30, Map.of("grows", Condition.READY)), 70)),
                _ -> {});
        assertTrue(ledger.isClean(), ledger::toString);
        assertEquals(List.of("shrinks stopped", "grows started", "shrinks started"), order);
    }

    @Test
    void jobsThatGrowWhileTheyRunEndByThemselves() {
        CountDownLatch bothWait = new CountDownLatch(2);
        RecordingDriver driver = new RecordingDriver();
        for (String name : List.of("a", "b")) {
            driver.on("completion " + name, bothWait::await);
        }
        Ledger ledger = Runs.execute(driver,
                plan(100, Plans.live(job("a", 80, NONE), 50), Plans.live(job("b", 80, NONE), 50),
                        creation(job("next", 90, NONE))),
                event -> {
                    if (event instanceof Event.Waiting) {
                        bothWait.countDown();
                    }
                });
        assertTrue(ledger.isClean(), ledger::toString);
    }

    @Test
    void shareOfAMachineThatIsDownIsFreeEvenWhenItsRunFailed() {
        RecordingDriver driver = new RecordingDriver().on("grow a", () -> {
            throw new DriverException("no", "");
        });
        MachineSpec a = service("a", 60, NONE);
        MachineChange restart = new MachineChange("a", Disruption.RESTART, "", List.of(),
                List.of(new Step.Stop(), new Step.GrowDisks(a), new Step.Start(a)), Optional.of(a), true,
                Optional.of(a));
        Ledger ledger = Runs.execute(driver, plan(100, restart, creation(job("b", 90, NONE))), _ -> {});
        assertInstanceOf(Outcome.Failed.class, ledger.outcomes().get("a"));
        assertEquals(new Outcome.Done(), ledger.outcomes().get("b"));
    }

    @Test
    void whoWasStoppedFirstAndCannotComeUpIsNotCalledSkipped() {
        RecordingDriver driver = new RecordingDriver().on("start grows", () -> {
            throw new DriverException("no", "");
        });
        Ledger ledger = Runs.execute(driver,
                plan(100, restart(service("grows", 70, NONE), 30),
                        restart(service("shrinks", 30, Map.of("grows", Condition.READY)), 70)),
                _ -> {});
        Outcome.Failed failed = assertInstanceOf(Outcome.Failed.class, ledger.outcomes().get("shrinks"));
        assertTrue(
                failed.what()
                        .contains(
                                "it was stopped to let others have its room or its host ports, and is down: `grows` did not come up"),
                failed.what());
    }

    @Test
    void whatCanNeverFitIsSkippedInsteadOfAwaited() {
        Ledger ledger = Runs.execute(new RecordingDriver(),
                plan(100, running(service("db", 80, NONE)), creation(service("big", 30, NONE)),
                        creation(service("small", 20, NONE))),
                _ -> {});
        Outcome.Skipped skipped = assertInstanceOf(Outcome.Skipped.class, ledger.outcomes().get("big"));
        assertTrue(skipped.reason().contains("no room for its 30 MiB memory"), skipped.reason());
        assertEquals(new Outcome.Done(), ledger.outcomes().get("small"));
    }

    @Test
    void serviceThatIsNotReadyKeepsItsShareBecauseItsVmmMayRun() {
        CountDownLatch lateWaits = new CountDownLatch(1);
        RecordingDriver driver = new RecordingDriver().on("ready mute", () -> {
            lateWaits.await();
            throw new DriverException("not ready", "");
        });
        Ledger ledger = Runs.execute(driver, plan(100, creation(service("mute", 60, NONE)),
                creation(service("late", 60, Map.of("mute", Condition.STARTED)))), event -> {
                    if (event instanceof Event.Waiting waiting && waiting.reason().contains("pool")) {
                        lateWaits.countDown();
                    }
                });
        assertInstanceOf(Outcome.Failed.class, ledger.outcomes().get("mute"));
        assertInstanceOf(Outcome.Skipped.class, ledger.outcomes().get("late"));
    }
}
