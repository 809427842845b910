package dev.provision.provisioner.views;

import java.io.PrintWriter;
import java.util.Map;
import java.util.function.Consumer;

import dev.provision.planner.plan.Step;
import dev.provision.provisioner.convergence.StepNames;
import dev.provision.provisioner.events.Event;
import dev.provision.provisioner.events.Ledger;
import dev.provision.provisioner.events.Outcome;
import dev.provision.schema.units.Durations;

/** One JSON object a line for each event. */
public final class EventJson implements Consumer<Event> {

    private final PrintWriter out;
    private final String resume;

    /** @param resume what to type to go on after a run that has not done all */
    public EventJson(PrintWriter out, String resume) {
        this.out = out;
        this.resume = resume;
    }

    @Override
    public void accept(Event event) {
        Map<String, Object> object = object(event);
        if (event instanceof Event.RunEnded run && !run.ledger().isClean()) {
            object.put("resume", resume);
        }
        out.println(Json.line(object));
        out.flush();
    }

    /** What happened, {@code event} says the kind. */
    public static Map<String, Object> object(Event event) {
        return switch (event) {
            case Event.RunStarted run ->
                Json.object("event", "run-started", "fleet", run.fleet(), "machines", run.machines());
            case Event.Waiting waiting ->
                Json.object("event", "waiting", "machine", waiting.machine(), "reason", waiting.reason());
            case Event.StepStarted step ->
                step("step-started", step.machine(), step.step());
            case Event.StepDone step -> {
                Map<String, Object> object = step("step-done", step.machine(), step.step());
                object.put("millis", step.took().toMillis());
                yield object;
            }
            case Event.Retrying retry -> {
                Map<String, Object> object = step("retrying", retry.machine(), retry.step());
                object.putAll(Json.object("reason", retry.reason(), "attempt", retry.attempt(), "pauseMillis",
                        retry.pause().toMillis()));
                yield object;
            }
            case Event.JobEnded job -> Json.object("event", "job-ended", "machine", job.machine(), "exitCode",
                    job.exitCode(), "exceededDeadline", job.exceeded().map(Durations::format).orElse(null));
            case Event.Noticed noticed -> Json.object("event", "noticed", "machine",
                    noticed.machine().isEmpty() ? null : noticed.machine(), "text", noticed.what());
            case Event.Settled settled -> Json.object("event", "settled", "running", settled.running());
            case Event.Degraded degraded -> Json.object("event", "degraded", "reasons", degraded.reasons());
            case Event.MachineEnded ended -> ended(ended);
            case Event.RunEnded run -> ledger(run.ledger());
        };
    }

    private static Map<String, Object> step(String event, String machine, Step step) {
        return Json.object("event", event, "machine", machine, "action", StepNames.word(step), "step",
                StepNames.of(step));
    }

    private static Map<String, Object> ended(Event.MachineEnded ended) {
        Map<String, Object> object = Json.object("event", "machine-ended", "machine", ended.machine());
        object.putAll(outcome(ended.outcome()));
        object.put("millis", ended.took().toMillis());
        return object;
    }

    private static Map<String, Object> ledger(Ledger ledger) {
        return Json.object("event", "run-ended", "fleet", ledger.fleet(), "done", ledger.count(Outcome.Done.class),
                "failed", ledger.count(Outcome.Failed.class), "skipped", ledger.count(Outcome.Skipped.class),
                "unknown", ledger.count(Outcome.Unknown.class), "millis", ledger.took().toMillis(), "machines",
                ledger.outcomes().entrySet().stream().map(entry -> machine(entry.getKey(), entry.getValue())).toList());
    }

    private static Map<String, Object> machine(String name, Outcome outcome) {
        Map<String, Object> object = Json.object("machine", name);
        object.putAll(outcome(outcome));
        return object;
    }

    private static Map<String, Object> outcome(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Done done -> Json.object("outcome", "done");
            case Outcome.Failed failed -> Json.object("outcome", "failed", "what", failed.what(), "fix", failed.fix(),
                    "console", failed.console());
            case Outcome.Skipped skipped -> Json.object("outcome", "skipped", "reason", skipped.reason(), "fix",
                    skipped.fix().isEmpty() ? null : skipped.fix());
            case Outcome.Unknown unknown -> Json.object("outcome", "unknown", "during", unknown.during());
        };
    }
}
