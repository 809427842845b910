package dev.provision.provisioner.views;

import java.io.PrintWriter;
import java.util.Map;
import java.util.function.Consumer;

import dev.provision.provisioner.convergence.StepNames;
import dev.provision.provisioner.events.Event;
import dev.provision.provisioner.events.Ledger;
import dev.provision.provisioner.events.Outcome;

/** One JSON object a line for each event. */
public final class EventJson implements Consumer<Event> {

    private final PrintWriter out;

    public EventJson(PrintWriter out) {
        this.out = out;
    }

    @Override
    public void accept(Event event) {
        out.println(Json.line(switch (event) {
            case Event.RunStarted run ->
                Json.object("event", "run-started", "fleet", run.fleet(), "machines", run.machines());
            case Event.Waiting waiting ->
                Json.object("event", "waiting", "machine", waiting.machine(), "reason", waiting.reason());
            case Event.StepStarted step ->
                Json.object("event", "step-started", "machine", step.machine(), "step", StepNames.of(step.step()));
            case Event.StepDone step -> Json.object("event", "step-done", "machine", step.machine(), "step",
                    StepNames.of(step.step()), "millis", step.took().toMillis());
            case Event.JobEnded job ->
                Json.object("event", "job-ended", "machine", job.machine(), "exitCode", job.exitCode());
            case Event.MachineEnded ended -> ended(ended);
            case Event.RunEnded run -> ledger(run.ledger());
        }));
        out.flush();
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
