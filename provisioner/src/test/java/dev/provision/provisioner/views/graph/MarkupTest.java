package dev.provision.provisioner.views.graph;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.junit.jupiter.api.Assertions.assertEquals;

class MarkupTest {

    @ParameterizedTest
    @CsvSource({"0, 0", "0.04, 0", "12.25, 12.3", "-0.5, -0.5", "100, 100", "1234567.89, 1234567.9"})
    void numbersHaveATenthAtMost(double value, String text) {
        assertEquals(text, Markup.number(value));
    }

    @Test
    void longNamesKeepTheirEndWhichTellsReplicasApart() {
        assertEquals("web-frontend-…ole-17", Markup.shortened("web-frontend-of-the-whole-17", 20));
        assertEquals("web-frontend-of-me-1", Markup.shortened("web-frontend-of-me-1", 20));
        assertEquals("🚀🚀🚀…🚀🚀🚀🚀🚀🚀", Markup.shortened("🚀".repeat(11), 10));
    }

    @Test
    void elementsAreWrittenWithTheirTextEscaped() {
        assertEquals("<g class=\"a&quot;b\">\n<text>&lt;i&gt; &amp; \\x1b</text>\n<path d=\"M0 0\"/>\n</g>\n",
                new Markup().open("g", "class", "a\"b")
                        .leaf("text", "<i> & \u001b")
                        .empty("path", "d", "M0 0")
                        .close()
                        .toString());
    }
}
