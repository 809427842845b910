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
        for (int i = 0; i < shown.size(); i++) {
            Wave wave = shown.get(i);
            out.println("  " + "%6s".formatted(seconds(wave.at())) + "  " + Palette.pad(names.get(i), width) + "  "
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

    /** {@code 4 s}, {@code 2 min}: estimates are not better than that. */
    private static String seconds(Duration duration) {
        long seconds = (duration.toMillis() + 500) / 1000;
        return seconds < 120 ? seconds + " s" : (seconds + 30) / 60 + " min";
    }
}
