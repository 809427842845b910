package dev.provision.provisioner.imports.source;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.junit.jupiter.api.Assertions.assertEquals;

class GoDurationTest {

    @ParameterizedTest
    @CsvSource({"30s, PT30S", "1m30s, PT1M30S", "1.5h, PT1H30M", "500us, PT0.0005S", "500µs, PT0.0005S",
        "10ms, PT0.01S",
        "1h5m30s20ms, PT1H5M30.02S", "0, PT0S", "0s, PT0S", "'', none", "5, none", "1d, none", "s, none", "1s , PT1S",
        "-1s, none", "1s1, none", "x1s, none", "99999999h, none"})
    void readsWhatGoReads(String text, String duration) {
        assertEquals(duration, GoDuration.parse(text).map(Object::toString).orElse("none"));
    }
}
