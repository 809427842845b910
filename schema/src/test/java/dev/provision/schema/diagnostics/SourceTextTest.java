package dev.provision.schema.diagnostics;

import java.time.Duration;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeout;

class SourceTextTest {

    @ParameterizedTest
    @ValueSource(strings = {"\n", "\r", "\r\n", "\u0085", "\u2028", "\u2029"})
    void everyEndOfALineEndsOne(String end) {
        SourceText text = new SourceText("m.yaml", "one" + end + end + "three");
        assertEquals("one", text.line(1));
        assertEquals("", text.line(2));
        assertEquals("three", text.line(3));
        assertEquals("", text.line(4));
    }

    @Test
    void linesThatAreNotThereAreEmpty() {
        assertEquals("", new SourceText("m.yaml", "").line(1));
        assertEquals("a", new SourceText("m.yaml", "a\n").line(1));
        assertEquals("a", new SourceText("m.yaml", "a\n").line(0));
        assertEquals("", new SourceText("m.yaml", "a\n").line(2));
        assertEquals("", new SourceText("m.yaml", "a\n").line(1_000_000));
    }

    @Test
    void eachLineOfALongTextIsFound() {
        StringBuilder text = new StringBuilder();
        IntStream.rangeClosed(1, 1_000).forEach(i -> text.append("line ").append(i).append(i % 3 == 0 ? "\r\n" : "\n"));
        SourceText source = new SourceText("m.yaml", text.toString());
        IntStream.rangeClosed(1, 1_000).forEach(i -> assertEquals("line " + i, source.line(i)));
    }

    /** Looking from the beginning each time would read 20 thousand million characters. */
    @Test
    void manyLinesOfALargeTextAreFoundFast() {
        SourceText source = new SourceText("m.yaml", "0123456789abcdefghi\n".repeat(200_000));
        assertTimeout(Duration.ofSeconds(10),
                () -> IntStream.rangeClosed(1, 200_000).forEach(i -> assertEquals(19, source.line(i).length())));
    }
}
