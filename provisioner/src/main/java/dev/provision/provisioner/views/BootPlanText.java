package dev.provision.provisioner.views;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;

import dev.provision.planner.schedule.Booking;
import dev.provision.planner.schedule.Schedule;
import dev.provision.planner.schedule.Schedule.Wave;

/** The boot plan for people: who boots together, when, and what is reserved then. */
final class BootPlanText {

    private static final int MOST_WAVES = 20;
    private static final int MOST_NAMES = 6;

    /** Width of times, in characters; more where one is longer. */
    private static final int LEAST_TIME = 6;

    private final PrintWriter out;
    private final Palette palette;

    BootPlanText(PrintWriter out, Palette palette) {
        this.out = out;
        this.palette = palette;
    }

    /** Prints nothing when nothing boots. */
    void print(Schedule schedule) {
        List<Wave> waves = schedule.waves();
        if (waves.isEmpty()) {
            return;
        }
        out.println("boot plan: " + (waves.size() == 1 ? "1 wave" : waves.size() + " waves") + ", done after about "
                + seconds(schedule.makespan()) + " (" + palette.text(schedule.basis()) + ")");
        if (!schedule.stoppedFirst().isEmpty()) {
            out.println("  stopped first, since others wait for what they hold: "
                    + names(schedule.stoppedFirst()));
        }
        List<Wave> shown = waves.subList(0, Math.min(MOST_WAVES, waves.size()));
        List<String> names = shown.stream()
                .map(wave -> names(wave.bookings().stream().map(Booking::machine).toList()))
                .toList();
        int width = names.stream().mapToInt(String::length).max().orElse(0);
        int most = Math.max(LEAST_TIME, shown.stream().mapToInt(wave -> seconds(wave.at()).length()).max().orElse(0));
        for (int i = 0; i < shown.size(); i++) {
            Wave wave = shown.get(i);
            String at = seconds(wave.at());
            out.println("  " + " ".repeat(Math.max(0, most - at.length())) + at + "  "
                    + Palette.pad(names.get(i), width) + "  "
                    + wave.level().held() + " reserved");
        }
        if (waves.size() > MOST_WAVES) {
            out.println("  and " + (waves.size() - MOST_WAVES) + " more, the last at "
                    + seconds(waves.getLast().at()));
        }
        out.println();
    }

    private String names(List<String> machines) {
        String shown = machines.stream().limit(MOST_NAMES).map(palette::text).collect(Collectors.joining(", "));
        return machines.size() <= MOST_NAMES ? shown : shown + " and " + (machines.size() - MOST_NAMES) + " more";
    }

    /** {@code 4 s}, {@code 6:35 min}: whole seconds, since estimates are not better than that. */
    private static String seconds(Duration duration) {
        return Elapsed.text(Duration.ofSeconds((duration.toMillis() + 500) / 1000));
    }
}
