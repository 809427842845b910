package dev.provision.provisioner.views;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;

import dev.provision.schema.ManifestReader;
import dev.provision.schema.diagnostics.Code;
import dev.provision.schema.diagnostics.Diagnostic;
import dev.provision.schema.diagnostics.Problems;
import dev.provision.schema.diagnostics.SourceText;
import dev.provision.schema.diagnostics.Span;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

class DiagnosticTextTest {

    private static List<Diagnostic> errors(int count) {
        List<Diagnostic> many = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            many.add(Diagnostic.error(Code.WRONG_TYPE, "problem " + i));
        }
        return many;
    }

    private static String text(List<Diagnostic> problems, int most) {
        return Samples.printed(out -> new DiagnosticText(out, Palette.PLAIN, most).print(problems));
    }

    @Test
    void moreThanTheCapAreCounted() {
        String text = text(errors(60), DiagnosticText.MOST);
        assertTrue(text.contains("problem 49\n") && !text.contains("problem 50\n"), text);
        assertTrue(text.endsWith("""
                … and 10 more; --max-problems all shows all
                60 errors; nothing was touched
                more: provision explain PRV-0102
                """), text);
    }

    /** A pool that is too small concerns every entry of a fleet; JSON has all of them. */
    @Test
    void morePlacesThanCanBeReadAreCounted() {
        SourceText source = new SourceText("m.yaml", "a\n");
        Diagnostic problem = Diagnostic.error(Code.FLEET_EXCEEDS_POOL, "too much");
        for (int i = 1; i <= 9; i++) {
            problem = problem.related(new Span(source, 1, i, 1), "place " + i);
        }
        String text = text(List.of(problem), 5);
        assertTrue(text.contains("place 8") && !text.contains("place 9"), text);
        assertTrue(text.contains("  = … and 1 more place; -o json has all\n"), text);
        assertTrue(Json.pretty(Json.problems(List.of(problem))).contains("place 9"));
    }

    @Test
    void theCapCanBeLifted() {
        String text = text(errors(60), Integer.MAX_VALUE);
        assertTrue(text.contains("problem 59\n") && !text.contains("… and"), text);
    }

    @Test
    void noWarningTakesThePlaceOfAnError() {
        Span span = new Span(new SourceText("m.yaml", "a\n"), 1, 1, 1);
        List<Diagnostic> problems = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            problems.add(Diagnostic.warning(Code.LIMIT_NOT_ENFORCED, span, "warning " + i));
        }
        problems.addAll(errors(2));
        String text = text(problems, 5);
        assertEquals(List.of("warning 0", "warning 1", "warning 2", "problem 0", "problem 1"),
                text.lines()
                        .filter(line -> line.matches("(error|warning)\\[.*"))
                        .map(line -> line.replaceFirst(".*\\]: ", ""))
                        .toList());
        assertTrue(text.contains("… and 57 more") && text.contains("2 errors;"), text);
    }

    @Test
    void warningsAloneAreNotCalledErrors() {
        Span span = new Span(new SourceText("m.yaml", "a\n"), 1, 1, 1);
        String text = text(List.of(Diagnostic.warning(Code.LIMIT_NOT_ENFORCED, span, "hm")), 5);
        assertFalse(text.contains("error") || text.contains("nothing was touched"), text);
    }

    @Test
    void coloursAreForTerminalsOfThoseWhoWantThem() {
        assertTrue(Palette.of(true, Map.of(), StandardCharsets.UTF_8).colour());
        assertTrue(Palette.of(true, Map.of("NO_COLOR", ""), StandardCharsets.UTF_8).colour(), "empty is unset");
        assertFalse(Palette.of(true, Map.of("NO_COLOR", "1"), StandardCharsets.UTF_8).colour());
        assertFalse(Palette.of(true, Map.of("TERM", "dumb"), StandardCharsets.UTF_8).colour());
        assertFalse(Palette.of(false, Map.of(), StandardCharsets.UTF_8).colour());
        assertFalse(Palette.of(true, Map.of(), StandardCharsets.US_ASCII).unicode());
    }

    /** Each view of ten thousand mistakes, in a file of that many machines. */
    @Test
    void tenThousandProblemsAreShownFast() {
        StringBuilder manifest = new StringBuilder("version: 1\nfleet: f\nmachines:\n");
        for (int i = 0; i < 10_000; i++) {
            manifest.append("  m")
                    .append(i)
                    .append(":\n    resources: { memory: lots }\n    dependsOn: { n")
                    .append(i)
                    .append(": ready }\n");
        }
        assertTimeout(Duration.ofSeconds(60), () -> {
            Problems problems = new Problems();
            ManifestReader.read(new SourceText("m.yaml", manifest.toString()), problems);
            List<Diagnostic> sorted = problems.sorted();
            assertEquals(20_000, sorted.size());
            assertEquals(20_000, text(sorted, Integer.MAX_VALUE).lines().filter(l -> l.startsWith("error[")).count());
            assertEquals(20_000,
                    Json.pretty(Json.problems(sorted)).lines().filter(l -> l.contains("\"code\"")).count());
            assertEquals(20_000,
                    Json.pretty(Samples.sarif(sorted)).lines().filter(l -> l.contains("\"ruleId\"")).count());
        });
    }
}
