package dev.provision.schema.units;

import java.time.Duration;
import java.util.Random;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

class DurationsTest {

    @ParameterizedTest
    @CsvSource({"500ms, PT0.5S, 500ms", "30s, PT30S, 30s", "90s, PT1M30S, 1m30s", "2m, PT2M, 2m",
        "1h30m, PT1H30M, 1h30m",
        "1d, PT24H, 1d", "1m500ms, PT1M0.5S, 1m500ms", "0s, PT0S, 0s", "' 5s ', PT5S, 5s"})
    void readsDurations(String text, Duration duration, String canonical) throws Exception {
        assertEquals(duration, Durations.parse(text));
        assertEquals(canonical, Durations.format(duration));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "30", "s", "-5s", "1.5h", "5S", "1m2h", "5 s", "1s1s", "9999999999s"})
    void refusesEverythingElse(String text) {
        assertThrows(QuantityFormatException.class, () -> Durations.parse(text));
    }

    @Test
    void canonicalFormReadsBackAsTheSameDuration() throws Exception {
        Random random = new Random(3);
        for (int i = 0; i < 10_000; i++) {
            Duration duration = Duration.ofMillis(random.nextLong(1L << random.nextInt(1, 40)));
            assertEquals(duration, Durations.parse(Durations.format(duration)));
        }
    }
}
