package dev.provision.schema.format;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.junit.jupiter.api.Test;

import dev.provision.schema.diagnostics.Code;
import dev.provision.schema.diagnostics.Diagnostic;
import dev.provision.schema.diagnostics.Problems;
import dev.provision.schema.diagnostics.SourceText;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What holds for every manifest; {@code -Dfmt.samples=100000} tries more of them. */
class FormatterPropertyTest {

    private static final int SAMPLES = Integer.getInteger("fmt.samples", 400);
    private static final Pattern COMMENT = Pattern.compile("#c[0-9]+");

    private static Optional<String> format(String text, Problems problems) {
        return Formatter.format(new SourceText("machines.yaml", text), problems);
    }

    @Test
    void randomManifestsAreFormattedOnceAndForAll() {
        int formatted = 0;
        for (int seed = 0; seed < SAMPLES; seed++) {
            formatted += check(seed) ? 1 : 0;
        }
        assertTrue(formatted > SAMPLES * 3 / 4, formatted + " of " + SAMPLES + " can be formatted");
    }

    /** Whether the sample can be formatted: an alias may stand beside its own key. */
    private static boolean check(int seed) {
        RandomManifest.Sample sample = RandomManifest.of(seed);
        Problems problems = new Problems();
        Optional<String> formatted = format(sample.text(), problems);
        String context = "seed " + seed + ":\n" + sample.text() + "\n=== becomes\n" + formatted.orElse("");
        if (formatted.isEmpty()) {
            List<Diagnostic> errors = problems.sorted().stream().filter(Diagnostic::isError).toList();
            assertTrue(errors.stream().allMatch(problem -> problem.code() == Code.CONFLICTING_KEYS),
                    () -> errors + "\n" + context);
            return false;
        }
        assertEquals(numbers(sample.text()), numbers(formatted.get()), context);
        assertEquals(sample.comments(), numbers(formatted.get()).size(), context);
        assertEquals(formatted, format(formatted.get(), new Problems()), context);
        return true;
    }

    private static List<String> numbers(String text) {
        List<String> found = new ArrayList<>();
        Matcher matcher = COMMENT.matcher(text);
        while (matcher.find()) {
            found.add(matcher.group());
        }
        found.sort(null);
        return found;
    }
}
