package dev.provision.provisioner.views;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

import dev.provision.provisioner.convergence.StepNames;
import dev.provision.provisioner.events.Event;
import dev.provision.provisioner.events.Outcome;

/** What the live view shows: a row a machine. Knows no terminal and no clock. */
final class LiveRows {

    private static final String[] SPINNER = {"⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"};
    private static final String[] ASCII_SPINNER = {"|", "/", "-", "\\"};

    /** What a machine is doing since when; {@code text} is printable and coloured. */
    private record Row(String text, long since, boolean active) {}

    private final Palette palette;
    private final Map<String, Row> rows = new LinkedHashMap<>();

    LiveRows(Palette palette) {
        this.palette = palette;
    }

    /** @param now in nanoseconds, as {@link #frame} gets it */
    void accept(Event event, long now) {
        switch (event) {
            case Event.RunStarted run ->
                run.machines().forEach(machine -> set(machine, palette.dim("queued"), now, false));
            case Event.Waiting waiting ->
                set(waiting.machine(), palette.dim(palette.text("waits " + waiting.reason())), now, false);
            case Event.StepStarted step -> set(step.machine(), palette.text(StepNames.of(step.step())), now, true);
            case Event.StepDone _ -> {
            }
            case Event.Retrying retry -> set(retry.machine(), palette.yellow("retries") + " "
                    + palette.text(StepNames.of(retry.step()) + ": " + retry.reason()), now, false);
            case Event.JobEnded job ->
                set(job.machine(), "job " + job.how(), now, false);
            case Event.MachineEnded ended ->
                set(ended.machine(), outcome(ended.outcome(), ended.took()), now, false);
            case Event.RunEnded _,Event.Noticed _,Event.Settled _,Event.Degraded _ -> {
            }
        }
    }

    private void set(String machine, String text, long now, boolean active) {
        rows.put(palette.text(machine), new Row(text, now, active));
    }

    private String outcome(Outcome outcome, Duration took) {
        return switch (outcome) {
            case Outcome.Done _ -> palette.green("done") + " in " + EventText.seconds(took);
            case Outcome.Failed _ -> palette.red("failed") + " after " + EventText.seconds(took);
            case Outcome.Skipped _ -> palette.yellow("skipped");
            case Outcome.Unknown _ -> palette.yellow("unknown");
        };
    }

    /** At most {@code height} lines; machines in progress go first when that is too low for all. */
    List<String> frame(int height, int number, long now) {
        if (rows.size() <= height) {
            return lines(number, now, row -> true);
        }
        List<String> shown = lines(number, now, Row::active);
        shown.addAll(lines(number, now, row -> !row.active()));
        shown = new ArrayList<>(shown.subList(0, Math.max(0, height - 1)));
        long active = rows.values().stream().filter(Row::active).count();
        shown.add(palette.dim(palette.text("   … " + rows.size() + " machines in all, " + active + " at work")));
        return shown;
    }

    /** Every machine's last word. */
    List<String> last(long now) {
        return lines(0, now, row -> true);
    }

    private List<String> lines(int number, long now, Predicate<Row> which) {
        int width = rows.keySet().stream().mapToInt(String::length).max().orElse(0);
        List<String> lines = new ArrayList<>();
        rows.forEach((machine, row) -> {
            if (which.test(row)) {
                lines.add(" " + (row.active() ? spinner(number) : " ") + " " + Palette.pad(machine, width) + "  "
                        + row.text() + (row.active() ? elapsed(row, now) : ""));
            }
        });
        return lines;
    }

    private String spinner(int number) {
        String[] frames = palette.unicode() ? SPINNER : ASCII_SPINNER;
        return palette.blue(frames[number % frames.length]);
    }

    private String elapsed(Row row, long now) {
        return palette.dim("  " + EventText.seconds(Duration.ofNanos(now - row.since())));
    }
}
