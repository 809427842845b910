package dev.provision.schema.units;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as Go and Compose write them: {@code 500ms}, {@code 30s}, {@code 2m}, {@code 1h30m}. */
public final class Durations {

    /** A duration that {@link #parse} reads, as a regular expression. */
    public static final String PATTERN = "\\s*(?=[0-9])([0-9]{1,9}d)?([0-9]{1,9}h)?([0-9]{1,9}m)?([0-9]{1,9}s)?([0-9]{1,9}ms)?\\s*";

    private static final Pattern GRAMMAR = Pattern.compile(
            "(?:(\\d{1,9})d)?(?:(\\d{1,9})h)?(?:(\\d{1,9})m(?!s))?(?:(\\d{1,9})s)?(?:(\\d{1,9})ms)?");

    private Durations() {}

    /**
     * Reads a duration.
     *
     * @throws QuantityFormatException
     *             when the text is no duration; a number without a unit is none
     */
    public static Duration parse(String text) throws QuantityFormatException {
        Matcher matcher = GRAMMAR.matcher(text.strip());
        if (text.strip().matches("[0-9]{10,}(d|h|m|s|ms)")) {
            throw new QuantityFormatException("`" + text + "` is too large to be a duration", "write a shorter one");
        }
        if (text.isBlank() || !matcher.matches()) {
            throw new QuantityFormatException("`" + text + "` is not a duration",
                    "write a number and a unit, such as 500ms, 30s, 2m or 1h30m");
        }
        return Duration.ofDays(part(matcher, 1))
                .plusHours(part(matcher, 2))
                .plusMinutes(part(matcher, 3))
                .plusSeconds(part(matcher, 4))
                .plusMillis(part(matcher, 5));
    }

    private static long part(Matcher matcher, int group) {
        String digits = matcher.group(group);
        return digits == null ? 0 : Long.parseLong(digits);
    }

    /** The canonical form, {@code 1h30m}; zero is {@code 0s}. */
    public static String format(Duration duration) {
        StringBuilder text = new StringBuilder();
        append(text, duration.toDays(), "d");
        append(text, duration.toHoursPart(), "h");
        append(text, duration.toMinutesPart(), "m");
        append(text, duration.toSecondsPart(), "s");
        append(text, duration.toMillisPart(), "ms");
        return text.isEmpty() ? "0s" : text.toString();
    }

    private static void append(StringBuilder text, long amount, String unit) {
        if (amount > 0) {
            text.append(amount).append(unit);
        }
    }
}
