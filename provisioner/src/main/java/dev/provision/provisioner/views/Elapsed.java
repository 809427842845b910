package dev.provision.provisioner.views;

import java.time.Duration;

/** Time since the beginning of a run, for people: the same in texts and pictures. */
public final class Elapsed {

    private static final long SECOND = 1_000;
    private static final long MINUTE = 60 * SECOND;
    private static final long HOUR = 60 * MINUTE;

    private Elapsed() {}

    /** {@code 4.5 s}, {@code 90 s}, {@code 2 min}, {@code 2:30 min}, {@code 2:05 h}. */
    public static String text(Duration duration) {
        long millis = duration.toMillis();
        if (millis < 2 * MINUTE) {
            return millis % SECOND == 0 ? millis / SECOND + " s" : tenths(millis) + " s";
        }
        return millis < 2 * HOUR ? sixties(millis / SECOND) + " min" : sixties(millis / MINUTE) + " h";
    }

    private static String sixties(long number) {
        return number % 60 == 0 ? Long.toString(number / 60)
                : number / 60 + ":" + (number % 60 < 10 ? "0" : "") + number % 60;
    }

    /** Seconds to a tenth, without a trailing zero, in every locale. */
    private static String tenths(long millis) {
        long tenths = Math.round(millis / 100.0);
        return tenths / 10 + (tenths % 10 == 0 ? "" : "." + tenths % 10);
    }
}
