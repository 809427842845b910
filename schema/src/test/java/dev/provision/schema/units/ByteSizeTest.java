package dev.provision.schema.units;

import java.util.Random;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.provision.schema.units.ByteSize.BareUnit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

class ByteSizeTest {

    @ParameterizedTest
    @CsvSource({
        // binary
        "1024KiB, 1", "1024Ki, 1", "512MiB, 512", "512Mi, 512", "2GiB, 2048", "2Gi, 2048", "1TiB, 1048576",
        "1Ti, 1048576",
        // decimal, rounded up
        "1000KB, 1", "1049K, 2", "1048kB, 1", "512MB, 489", "500M, 477", "1GB, 954", "1G, 954", "1TB, 953675",
        "1T, 953675",
        // lower case is binary
        "1024k, 1", "1024kb, 1", "512m, 512", "512mb, 512", "1g, 1024", "1gb, 1024", "1t, 1048576", "1tb, 1048576",
        // fractions
        "1.5GiB, 1536", "0.5MiB, 1", "1.0001MiB, 2", "1B, 1", "1048576B, 1", "1048577b, 2",
        // bare, with blanks, with sign, zero
        "512, 512", "' 512 MiB ', 512", "+2GiB, 2048", "0, 0", "-0, 0", "0.0GiB, 0",
        // the largest
        "8796093022207MiB, 8796093022207"})
    void readsEveryUnit(String text, long mib) throws Exception {
        assertEquals(ByteSize.ofMib(mib), ByteSize.parse(text, BareUnit.MIB));
    }

    @Test
    void bareNumberTakesTheUnitOfItsField() throws Exception {
        assertEquals(ByteSize.ofGib(10), ByteSize.parse("10", BareUnit.GIB));
        assertEquals(ByteSize.ofMib(512), ByteSize.parse("0.5", BareUnit.GIB));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "MiB", "1.5.2GiB", "1e3", ".5GiB", "5.MiB", "1_000", "0x10", "512 M iB", "512MIB",
        "512mib", "1PiB", "NaN", "१MiB", "-512MiB", "-1", "8EiB", "9000000TiB", "99999999999999999999999999"})
    void refusesEverythingElse(String text) {
        var e = assertThrows(QuantityFormatException.class, () -> ByteSize.parse(text, BareUnit.MIB));
        assertEquals(false, e.fix().isBlank());
    }

    @ParameterizedTest
    @CsvSource({"0, 0MiB", "512, 512MiB", "1024, 1GiB", "1536, 1536MiB", "1048576, 1TiB"})
    void canonicalFormTakesTheLargestUnitThatDivides(long mib, String canonical) {
        assertEquals(canonical, ByteSize.ofMib(mib).canonical());
    }

    @Test
    void canonicalFormReadsBackAsTheSameSize() throws Exception {
        Random random = new Random(1);
        for (int i = 0; i < 10_000; i++) {
            ByteSize size = ByteSize.ofMib(random.nextLong(1L << random.nextInt(1, 43)));
            assertEquals(size, ByteSize.parse(size.canonical(), BareUnit.GIB));
            assertEquals(size, ByteSize.parse(size.toString(), BareUnit.GIB));
        }
    }

    @Test
    void sumsStopAtTheLargestSize() {
        ByteSize huge = new ByteSize(Long.MAX_VALUE - 1);
        assertEquals(new ByteSize(Long.MAX_VALUE), huge.plus(huge));
        assertEquals(ByteSize.ZERO, ByteSize.ofMib(1).minusOrZero(huge));
    }

    @ParameterizedTest
    @CsvSource({"1536MiB, 1536 MiB", "3GiB, 3 GiB", "10239MiB, 10239 MiB", "100000MiB, 97.7 GiB",
        "3463168MiB, 3382 GiB",
        "15000GiB, 14.6 TiB", "20TiB, 20 TiB", "102400MiB, 100 GiB"})
    void largeSizesAreRoundedForPeople(String size, String rounded) throws QuantityFormatException {
        assertEquals(rounded, ByteSize.parse(size, BareUnit.MIB).rounded());
    }
}
