package dev.provision.provisioner.views;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;

import dev.provision.planner.plan.MachineChange;
import dev.provision.planner.plan.Plan;
import dev.provision.provisioner.events.Event;
import dev.provision.provisioner.events.Outcome;

/** Collects what a run does to each machine of a plan, for people who look at it as tests. */
public final class JunitReport implements Consumer<Event> {

    private final Plan plan;
    private final Instant begun;
    private final LongSupplier nanos;
    private final Function<String, List<String>> output;
    private final long start;
    private final SequencedMap<String, Outcome> outcomes = new LinkedHashMap<>();
    private final Map<String, Duration> took = new HashMap<>();
    private final Map<String, List<String>> printed = new HashMap<>();

    /**
     * @param failedJobs
     *            how jobs that were there before have failed, by machine: they are not run again, and are nothing that passes
     * @param nanos
     *            a clock that only goes forwards
     * @param output
     *            the last lines that a job, named by its machine, has printed
     */
    public JunitReport(Plan plan, Map<String, String> failedJobs, Instant begun, LongSupplier nanos,
            Function<String, List<String>> output) {
        this.plan = plan;
        this.begun = begun;
        this.nanos = nanos;
        this.output = output;
        this.start = nanos.getAsLong();
        for (MachineChange change : plan.changes()) {
            outcomes.put(change.machine(), change.steps().isEmpty() ? untouched(change, failedJobs)
                    : new Outcome.Skipped("the command ended before it came to this machine"));
        }
    }

    private static Outcome untouched(MachineChange change, Map<String, String> failedJobs) {
        if (change.isOutOfScope()) {
            return new Outcome.Skipped(change.reason());
        }
        String how = failedJobs.get(change.machine());
        return how == null ? new Outcome.Done()
                : new Outcome.Failed("job " + how + " before, and is not run again for the same entry",
                        "see provision logs " + change.machine() + "; provision restart " + change.machine()
                                + " runs it again",
                        List.of());
    }

    @Override
    public void accept(Event event) {
        switch (event) {
            case Event.MachineEnded ended -> {
                outcomes.put(ended.machine(), ended.outcome());
                took.put(ended.machine(), ended.took());
            }
            case Event.JobEnded job -> {
                took.put(job.machine(), elapsed());
                printed.put(job.machine(), output.apply(job.machine()));
            }
            case Event.StepStarted step ->
                outcomes.put(step.machine(), new Outcome.Unknown("what it had begun"));
            case Event.RunEnded run -> outcomes.putAll(run.ledger().outcomes());
            case Event.RunStarted _,Event.Waiting _,Event.StepDone _,Event.Retrying _,Event.Noticed _,Event.Settled _,Event.Degraded _ ->
                {
                }
        }
    }

    /** What is known now. */
    public JunitSuite suite() {
        List<JunitSuite.Case> cases = new ArrayList<>();
        outcomes.forEach((machine, outcome) -> cases.add(new JunitSuite.Case(machine,
                took.getOrDefault(machine, Duration.ZERO), outcome, printed.getOrDefault(machine, List.of()))));
        return new JunitSuite(plan.fleet(), begun, elapsed(), cases,
                Optional.of(plan)
                        .filter(Plan::isRefused)
                        .map(refused -> JunitSuite.Trouble.of("plan", "the plan is refused", refused.problems())));
    }

    private Duration elapsed() {
        return Duration.ofNanos(nanos.getAsLong() - start);
    }
}
