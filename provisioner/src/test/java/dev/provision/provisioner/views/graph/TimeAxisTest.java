package dev.provision.provisioner.views.graph;

import java.time.Duration;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.provision.provisioner.views.Elapsed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class TimeAxisTest {

    @ParameterizedTest
    @CsvSource({"0, 0 s", "400, 0.4 s", "4500, 4.5 s", "90000, 90 s", "120000, 2 min", "150000, 2:30 min",
        "3660000, 61 min", "7200000, 2 h", "7500000, 2:05 h"})
    void timesAreShort(long millis, String text) {
        assertEquals(text, Elapsed.text(Duration.ofMillis(millis)));
    }

    @Test
    void ticksStandAtRoundTimesFromLeftToRight() {
        TimeAxis axis = TimeAxis.until(Duration.ofSeconds(36), 100, 390);
        assertEquals(List.of("0 s", "5 s", "10 s", "15 s", "20 s", "25 s", "30 s", "35 s"),
                axis.ticks().stream().map(TimeAxis.Tick::text).toList());
        assertEquals(List.of(100.0, 150.0), axis.ticks().stream().map(TimeAxis.Tick::x).limit(2).toList());
        assertEquals(490, axis.x(Duration.ofHours(1)), "what is later stays within the picture");
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 700, 12_000, 4_000_000, 9_000_000_000L, 3_000_000_000_000L})
    void thereAreNeverManyTicks(long millis) {
        int ticks = TimeAxis.until(Duration.ofMillis(millis), 100, 800).ticks().size();
        assertTrue(ticks >= 2 && ticks <= 14, millis + ": " + ticks);
    }
}
