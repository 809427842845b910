package dev.provision.provisioner.journal;

import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

import dev.provision.provisioner.views.Palette;

/** Lines of a journal for people. */
public final class JournalText {

    private final Palette palette;
    private final DateTimeFormatter time;

    public JournalText(Palette palette, ZoneId zone) {
        this.palette = palette;
        this.time = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSS", Locale.ROOT).withZone(zone);
    }

    /** {@code 2026-11-22 04:05:06.789  db: boot done in 2310 ms}. */
    public String line(JournalEntry entry) {
        String subject = entry.machine().map(machine -> palette.bold(palette.text(machine)) + ": ").orElse("");
        return palette.dim(time.format(entry.at())) + "  " + subject + palette.text(what(entry));
    }

    private static String what(JournalEntry entry) {
        return switch (entry.event()) {
            case "command-started" -> entry.text("command") + " (pid " + entry.text("pid") + ")";
            case "command-ended" -> "the command has ended";
            case "run-started" -> "changes " + entry.json().path("machines").size() + " machines";
            case "waiting" -> "waits " + entry.text("reason");
            case "step-started" -> entry.text("step") + " …";
            case "step-done" -> entry.text("step") + " done in " + entry.text("millis") + " ms";
            case "retrying" -> "retries " + entry.text("step") + " in " + entry.text("pauseMillis") + " ms: "
                    + entry.text("reason");
            case "job-ended" -> "job ended with exit code " + entry.text("exitCode");
            case "machine-ended" -> outcome(entry);
            case "noticed" -> entry.text("text");
            case "settled" -> "settled, " + entry.text("running") + " running";
            case "degraded" -> "degraded: " + String.join("; ", entry.texts("reasons"));
            case "run-ended" -> entry.text("done") + " done, " + entry.text("failed") + " failed, "
                    + entry.text("skipped") + " skipped, " + entry.text("unknown") + " unknown";
            default -> entry.event() + (entry.text("text").isEmpty() ? "" : ": " + entry.text("text"));
        };
    }

    private static String outcome(JournalEntry entry) {
        return switch (entry.text("outcome")) {
            case "failed" -> "failed: " + entry.text("what");
            case "skipped" -> "skipped: " + entry.text("reason");
            case "unknown" -> "unknown: interrupted during " + entry.text("during");
            default -> entry.text("outcome");
        };
    }
}
