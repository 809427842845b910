package dev.provision.planner.proof;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

import dev.provision.planner.diff.Disruption;
import dev.provision.planner.observed.MachineState;
import dev.provision.planner.plan.MachineChange;
import dev.provision.planner.plan.Plan;
import dev.provision.planner.schedule.Booking;
import dev.provision.schema.fleet.Condition;
import dev.provision.schema.fleet.MachineSpec;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Executes a plan on a model of a host, at the instants of its schedule. */
final class ModelRun {

    private static final Duration STOP = Duration.ofSeconds(2);

    /** What ends comes before what begins at the same instant. */
    private record Event(Duration at, boolean begins, Runnable what) {}

    private final Plan plan;
    private final ModelHost host;
    private final Map<String, MachineChange> changes = new HashMap<>();
    private final Set<String> skipped = new HashSet<>();
    private final Set<String> blockedByJobs = new HashSet<>();

    ModelRun(Plan plan, ModelHost host) {
        this.plan = plan;
        this.host = host;
        plan.changes().forEach(change -> changes.put(change.machine(), change));
    }

    /** Machines that nothing was done to, because a job that they wait for has failed, or who they wait for was skipped. */
    Set<String> skipped() {
        return skipped;
    }

    /** Of those, the ones that wait for the job itself. */
    Set<String> blockedByJobs() {
        return blockedByJobs;
    }

    void run(Map<String, Duration> runs, Duration run) {
        List<Event> events = new ArrayList<>();
        List<MachineChange> leaving = plan.changes()
                .stream()
                .filter(change -> change.disruption() == Disruption.DESTROY)
                .toList();
        Duration begin = leaving.isEmpty() ? Duration.ZERO : STOP;
        leaving.forEach(change -> events.add(new Event(Duration.ZERO, false, () -> perform(change))));
        plan.changes()
                .stream()
                .filter(change -> change.disruption() == Disruption.KEEP && isRunningJob(change))
                .forEach(change -> events.add(new Event(begin.plus(runs.getOrDefault(change.machine(), run)), false,
                        () -> host.complete(change.machine()))));
        for (Booking booking : plan.schedule().bookings()) {
            MachineChange change = Objects.requireNonNull(changes.get(booking.machine()));
            events.add(new Event(booking.from(), true, () -> attempt(change)));
            booking.until().ifPresent(end -> events.add(new Event(end, false, () -> {
                if (!skipped.contains(change.machine())) {
                    host.complete(change.machine());
                }
            })));
        }
        events.sort(Comparator.comparing(Event::at).thenComparing(Event::begins));
        events.forEach(event -> event.what().run());
        Set<String> booked = plan.schedule().bookings().stream().map(Booking::machine).collect(Collectors.toSet());
        for (MachineChange change : plan.changes()) {
            if (change.boots() && !booked.contains(change.machine())) {
                assertFalse(areReached(change), "never admitted: " + change.machine());
                skipped.add(change.machine());
            }
        }
    }

    private static boolean isRunningJob(MachineChange change) {
        return change.running() && change.wanted().filter(MachineSpec::isJob).isPresent();
    }

    private void attempt(MachineChange change) {
        if (!change.boots() || areReached(change)) {
            perform(change);
        } else {
            skipped.add(change.machine());
        }
    }

    private boolean areReached(MachineChange change) {
        boolean all = true;
        for (Map.Entry<String, Condition> dependency : change.dependsOn().entrySet()) {
            all &= isReached(change, dependency.getKey(), dependency.getValue());
        }
        return all;
    }

    private void perform(MachineChange change) {
        change.steps().forEach(step -> host.run(change.machine(), step));
    }

    /** Fails when the schedule is too early; false when the dependency never gets so far. */
    private boolean isReached(MachineChange change, String dependency, Condition condition) {
        ModelHost.Machine there = host.find(dependency);
        boolean failed = there != null && there.state() instanceof MachineState.Completed done && done.exitCode() != 0;
        if (condition == Condition.COMPLETED && failed) {
            blockedByJobs.add(change.machine());
            return false;
        }
        MachineChange of = Objects.requireNonNull(changes.get(dependency));
        if (condition == Condition.COMPLETED && of.wanted().filter(MachineSpec::isJob).isEmpty()) {
            blockedByJobs.add(change.machine());
            return false;
        }
        if (skipped.contains(dependency)) {
            return false;
        }
        boolean reached = switch (condition) {
            case STARTED, READY -> (there != null && there.state() instanceof MachineState.Running)
                    || (there != null && there.state() instanceof MachineState.Orphan)
                    || (there != null && there.state() instanceof MachineState.Completed);
            case COMPLETED -> there != null && there.state() instanceof MachineState.Completed;
        };
        assertTrue(reached, () -> change.machine() + " boots before " + dependency + " is " + condition);
        return true;
    }
}
