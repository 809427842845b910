package dev.provision.provisioner.convergence;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;

import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Timeout;

import dev.provision.hypervisor.DriverException;
import dev.provision.planner.plan.MachineChange;
import dev.provision.provisioner.events.Event;
import dev.provision.schema.fleet.Condition;

import static dev.provision.provisioner.convergence.Plans.creation;
import static dev.provision.provisioner.convergence.Plans.job;
import static dev.provision.provisioner.convergence.Plans.plan;
import static dev.provision.provisioner.convergence.Plans.service;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What a view may rely on. */
@Timeout(60)
class EventOrderTest {

    private final List<Event> events = new ArrayList<>();
    private final AtomicBoolean inside = new AtomicBoolean();

    private void listen(Event event) {
        assertFalse(inside.getAndSet(true), "one at a time");
        events.add(event);
        inside.set(false);
    }

    /** {@code started create}, in the machine's order. */
    private List<String> of(String machine) {
        return events.stream().map(event -> word(event, machine)).filter(word -> !word.isEmpty()).toList();
    }

    private static String word(Event event, String machine) {
        return switch (event) {
            case Event.RunStarted _,Event.RunEnded _ -> "";
            case Event.Waiting e -> e.machine().equals(machine) ? "waiting" : "";
            case Event.StepStarted e -> e.machine().equals(machine) ? "started " + StepNames.of(e.step()) : "";
            case Event.StepDone e -> e.machine().equals(machine) ? "done " + StepNames.of(e.step()) : "";
            case Event.Retrying e -> e.machine().equals(machine) ? "retrying" : "";
            case Event.Noticed _,Event.Settled _,Event.Degraded _ -> "";
            case Event.JobEnded e -> e.machine().equals(machine) ? "job ended" : "";
            case Event.MachineEnded e -> e.machine().equals(machine) ? "ended" : "";
        };
    }

    @RepeatedTest(5)
    void everyMachineTellsItsStoryInOrder() {
        List<MachineChange> changes = new ArrayList<>();
        RecordingDriver driver = new RecordingDriver();
        IntStream.range(0, 40).forEach(i -> {
            changes.add(creation(job("job" + i, 10, Map.of())));
            changes.add(creation(service("after" + i, 1, Map.of("job" + i, Condition.COMPLETED))));
        });
        driver.on("start job7", () -> {
            throw new DriverException("no", "");
        });
        Runs.execute(driver, plan(60, 4, changes), this::listen);
        assertTrue(events.getFirst() instanceof Event.RunStarted);
        assertTrue(events.getLast() instanceof Event.RunEnded);
        assertEquals(2,
                events.stream().filter(e -> e instanceof Event.RunStarted || e instanceof Event.RunEnded).count());
        List<String> done = List.of("started create", "done create", "started boot", "done boot", "ended");
        for (int i = 0; i < 40; i++) {
            List<String> job = of("job" + i).stream().filter(word -> !word.equals("waiting")).toList();
            List<String> after = of("after" + i).stream().filter(word -> !word.equals("waiting")).toList();
            if (i == 7) {
                assertEquals(List.of("started create", "done create", "started boot", "ended"), job);
                assertEquals(List.of("ended"), after);
            } else {
                assertEquals(done, job.subList(0, 5));
                assertEquals(List.of("job ended"), job.subList(5, job.size()));
                assertEquals(done, after);
            }
        }
    }
}
