package dev.provision.provisioner.views;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.function.Consumer;

import dev.provision.planner.plan.Step;
import dev.provision.provisioner.convergence.StepNames;
import dev.provision.provisioner.events.Event;
import dev.provision.provisioner.events.Outcome;

/** One line an event: for logs and for terminals that cannot redraw. */
public final class EventText implements Consumer<Event> {

    private final PrintWriter out;
    private final Palette palette;
    private final String resume;

    /** @param resume what to type to go on after a run that has not done all; empty when it goes on by itself */
    public EventText(PrintWriter out, Palette palette, String resume) {
        this.out = out;
        this.palette = palette;
        this.resume = resume;
    }

    @Override
    public void accept(Event event) {
        switch (event) {
            case Event.RunStarted started -> {
            }
            case Event.Waiting waiting -> line(waiting.machine(), palette.text("waits " + waiting.reason()));
            case Event.StepStarted step -> {
                if (isWorthALine(step.step())) {
                    line(step.machine(), palette.text(StepNames.of(step.step()) + " …"));
                }
            }
            case Event.StepDone step -> {
            }
            case Event.Retrying retry -> line(retry.machine(), palette.yellow("retries") + " "
                    + palette.text(StepNames.of(retry.step())) + " in " + seconds(retry.pause()) + ": "
                    + palette.text(retry.reason()));
            case Event.JobEnded job -> line(job.machine(), "job " + job.how());
            case Event.Noticed noticed -> line(noticed.machine(), palette.text(noticed.what()));
            case Event.Settled settled -> out.println(palette.green("settled") + ", " + settled.running() + " running");
            case Event.Degraded degraded -> {
                out.println(palette.yellow("degraded"));
                degraded.reasons().forEach(reason -> out.println("  - " + palette.text(reason)));
            }
            case Event.MachineEnded ended -> line(ended.machine(), outcome(ended.outcome(), ended.took()));
            case Event.RunEnded ended -> new LedgerText(out, palette, resume).print(ended.ledger());
        }
        out.flush();
    }

    /** Bookkeeping takes milliseconds and interests nobody. */
    private static boolean isWorthALine(Step step) {
        return switch (step) {
            case Step.Start start -> true;
            case Step.Stop stop -> true;
            case Step.ResizeMemory resize -> true;
            case Step.ResizeCpus resize -> true;
            case Step.ResizeShm resize -> true;
            case Step.Limit limit -> false;
            case Step.Create create -> false;
            case Step.ClosePorts ports -> false;
            case Step.ForwardPorts ports -> false;
            case Step.ShareNames share -> false;
            case Step.GrowDisks grow -> false;
            case Step.AssignDevices assign -> false;
            case Step.DiscardOverlay discard -> false;
            case Step.SaveSpec save -> false;
            case Step.Remove remove -> false;
        };
    }

    private void line(String machine, String text) {
        out.println((machine.isEmpty() ? "" : palette.bold(palette.text(machine)) + ": ") + text);
    }

    private String outcome(Outcome outcome, Duration took) {
        return switch (outcome) {
            case Outcome.Done done -> palette.green("done") + " in " + seconds(took);
            case Outcome.Failed failed -> palette.red("failed") + ": " + palette.text(failed.what());
            case Outcome.Skipped skipped -> palette.yellow("skipped") + ": " + palette.text(skipped.reason());
            case Outcome.Unknown unknown ->
                palette.yellow("unknown") + ": interrupted during " + palette.text(unknown.during());
        };
    }

    static String seconds(Duration duration) {
        return duration.toMillis() < 100 ? duration.toMillis() + " ms"
                : "%.1f s".formatted(duration.toMillis() / 1000.0);
    }
}
