package dev.provision.provisioner.imports.source;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as Go's {@code time.ParseDuration} reads them: {@code 1m30s}, {@code 1.5h}, {@code 500us}. */
public final class GoDuration {

    private static final Pattern PART = Pattern.compile("([0-9]{1,12}(?:\\.[0-9]{0,9})?)(ns|us|µs|ms|s|m|h)");

    private static final Map<String, BigDecimal> NANOS = Map.of("ns", BigDecimal.ONE, "us", BigDecimal.valueOf(1_000),
            "µs", BigDecimal.valueOf(1_000), "ms", BigDecimal.valueOf(1_000_000),
            "s", BigDecimal.valueOf(1_000_000_000L), "m", BigDecimal.valueOf(60_000_000_000L),
            "h", BigDecimal.valueOf(3_600_000_000_000L));

    private GoDuration() {}

    /** The duration, zero or more, at most 292 years; empty when the text is none. */
    public static Optional<Duration> parse(String text) {
        BigDecimal nanos = BigDecimal.ZERO;
        Matcher matcher = PART.matcher(text);
        int end = 0;
        while (end < text.length() && matcher.find(end) && matcher.start() == end) {
            BigDecimal unit = NANOS.getOrDefault(matcher.group(2), BigDecimal.ONE);
            nanos = nanos.add(new BigDecimal(matcher.group(1)).multiply(unit));
            end = matcher.end();
        }
        boolean whole = end == text.length() && !text.isEmpty();
        if (text.equals("0")) {
            return Optional.of(Duration.ZERO);
        }
        return whole && nanos.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) <= 0
                ? Optional.of(Duration.ofNanos(nanos.setScale(0, RoundingMode.UP).longValueExact()))
                : Optional.empty();
    }
}
