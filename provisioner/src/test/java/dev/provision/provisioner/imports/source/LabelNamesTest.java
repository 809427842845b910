package dev.provision.provisioner.imports.source;

import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import dev.provision.schema.diagnostics.SourceText;
import dev.provision.schema.diagnostics.Span;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class LabelNamesTest {

    private static final Span HERE = new Span(new SourceText("f", ""), 1, 1, 1);

    @ParameterizedTest
    @CsvSource({"web, web", "My_Shop, my-shop", "a.b..c, a-b-c", "-x-, x", "ÄÖ, other", "'', other", "a--b, a--b"})
    void labels(String name, String label) {
        assertEquals(label, LabelNames.label(name, "other"));
    }

    @Test
    void labelsKeepTheirNamesAndOthersAvoidThem() {
        LabelNames names = new LabelNames(List.of("a_b", "a-b", "A.B"));
        Remarks remarks = Remarks.unheard();
        assertEquals("a-b-2", names.give("a_b", "machine", HERE, remarks));
        assertEquals("a-b", names.give("a-b", "machine", HERE, remarks));
        assertEquals("a-b-3", names.give("A.B", "machine", HERE, remarks));
        assertEquals("machine", names.give("___", "machine", HERE, remarks));
        assertEquals("machine-2", names.give("...", "machine", HERE, remarks));
        assertEquals(4, remarks.lines().size());
    }

    @Test
    void longNamesAreCut() {
        LabelNames names = new LabelNames(List.of(), 15);
        Remarks remarks = Remarks.unheard();
        assertEquals("wordpress-uploa", names.give("wordpress_uploads_a", "disk", HERE, remarks));
        assertEquals("wordpress-upl-2", names.give("wordpress_uploads_b", "disk", HERE, remarks));
        assertTrue(LabelNames.label("x".repeat(300), "other").length() < 63);
    }
}
