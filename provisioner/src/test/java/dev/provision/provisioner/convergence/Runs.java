package dev.provision.provisioner.convergence;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

import dev.provision.planner.plan.Plan;
import dev.provision.provisioner.events.Event;
import dev.provision.provisioner.events.Ledger;
import dev.provision.schema.units.ByteSize;

/** Executes plans for tests: on a host that has memory for every boot, and where nothing has changed since the plan was made. */
final class Runs {

    private Runs() {}

    static Executor of(RecordingDriver driver, Plan plan, Consumer<Event> listener) {
        return of(driver, plan, _ -> {}, listener);
    }

    static Executor of(RecordingDriver driver, Plan plan, Consumer<Event> journal, Consumer<Event> listener) {
        return new Executor(new Executor.Surroundings(driver.asFoundBy(plan), () -> new ByteSize(Long.MAX_VALUE),
                journal, listener, List.of(Duration.ofMillis(1), Duration.ofMillis(2))), plan);
    }

    static Executor of(RecordingDriver driver, Plan plan, Consumer<Event> listener, Set<String> awaitedJobs) {
        return new Executor(new Executor.Surroundings(driver.asFoundBy(plan), () -> new ByteSize(Long.MAX_VALUE),
                _ -> {}, listener, List.of()), plan, awaitedJobs);
    }

    static Ledger execute(RecordingDriver driver, Plan plan, Consumer<Event> listener) {
        return of(driver, plan, listener).execute();
    }
}
