package dev.provision.provisioner.watch;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;

/** Who ends again and again is started again more and more seldom. */
class BackoffTest {

    private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");

    private final Backoff backoff = new Backoff();

    private static List<Duration> seconds(long... seconds) {
        return Arrays.stream(seconds).mapToObj(Duration::ofSeconds).toList();
    }

    @Test
    void firstEndIsMendedAtOnce() {
        assertEquals(Duration.ZERO, backoff.ended("a", NOON));
        assertEquals(Map.of(), backoff.heldBack(NOON));
        assertEquals(Optional.empty(), backoff.next(NOON));
    }

    @Test
    void endsDoubleTheWaitUpToFiveMinutes() {
        List<Duration> waits = IntStream.range(0, 12).mapToObj(_ -> backoff.ended("a", NOON)).toList();
        assertEquals(seconds(0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300), waits);
        IntStream.range(0, 100).forEach(_ -> assertEquals(Duration.ofMinutes(5), backoff.ended("a", NOON)));
    }

    @Test
    void failedStartsWaitFromTheFirstOn() {
        assertEquals(seconds(1, 2, 4),
                List.of(backoff.failed("a", NOON), backoff.failed("a", NOON), backoff.failed("a", NOON)));
        assertEquals(Optional.of(NOON.plusSeconds(4)), backoff.next(NOON));
        assertEquals(Map.of("a", NOON.plusSeconds(4)), backoff.heldBack(NOON.plusSeconds(3)));
        assertEquals(Map.of(), backoff.heldBack(NOON.plusSeconds(4)));
    }

    @Test
    void whoWasUpForTenMinutesBeginsAnew() {
        IntStream.range(0, 5).forEach(_ -> backoff.ended("a", NOON));
        assertEquals(Duration.ZERO, backoff.ended("a", NOON.plus(Duration.ofMinutes(11))));
    }

    @Test
    void eachWaitsForItself() {
        backoff.failed("a", NOON);
        assertEquals(Duration.ZERO, backoff.ended("b", NOON));
        assertEquals(Map.of("a", NOON.plusSeconds(1)), backoff.heldBack(NOON));
        backoff.forget();
        assertEquals(Map.of(), backoff.heldBack(NOON));
    }
}
