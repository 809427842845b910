package dev.provision.schema.units;

import java.util.Random;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

class CpusTest {

    @ParameterizedTest
    @CsvSource({"2, 2000, 2, 2", "0.5, 500, 1, 0.5", "0.125, 125, 1, 0.125", "500m, 500, 1, 0.5", "1.5, 1500, 2, 1.5",
        "2.0, 2000, 2, 2", ".5, 500, 1, 0.5", "1500m, 1500, 2, 1.5", "0.0001, 1, 1, 0.001", "+4, 4000, 4, 4",
        "' 3 ', 3000, 3, 3", "100, 100000, 100, 100"})
    void readsAmounts(String text, int millis, int vcpus, String canonical) throws Exception {
        Cpus cpus = Cpus.parse(text);
        assertEquals(millis, cpus.millis());
        assertEquals(vcpus, cpus.vcpus());
        assertEquals(canonical, cpus.toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "-0", "0m", "0.0", "1e3", "", "m", "2 cpus", "1,5", "two", "0x2", "5.",
        "2000001", "99999999999999999999", "1/2"})
    void refusesEverythingElse(String text) {
        assertThrows(QuantityFormatException.class, () -> Cpus.parse(text));
    }

    @Test
    void canonicalFormReadsBackAsTheSameAmount() throws Exception {
        Random random = new Random(2);
        for (int i = 0; i < 10_000; i++) {
            Cpus cpus = new Cpus(1 + random.nextInt(2_000_000_000));
            assertEquals(cpus, Cpus.parse(cpus.toString()));
        }
    }

    @Test
    void sumsStopAtTheLargestAmount() {
        Cpus huge = new Cpus(2_000_000_000);
        assertEquals(Integer.MAX_VALUE, huge.plus(huge).millis());
        assertEquals(0, Cpus.of(1).minusOrZero(huge).millis());
    }
}
