package dev.provision.provisioner.views;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import dev.provision.planner.plan.Plan;
import dev.provision.provisioner.golden.Golden;
import dev.provision.provisioner.plans.PlanJson;
import dev.provision.provisioner.plans.SavedPlan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * What is planned in one situation after the other, to read: each page of {@code plans/} begins with what there is and ends
 * with the plan as {@code plan} prints it; a file beside it has what {@code -o json} prints.
 */
class GoldenPlansTest {

    private static final Path PAGES = Path.of("src/test/resources/plans");
    private static final String PLAN = "\n```console\n";

    static List<String> pages() throws IOException {
        try (Stream<Path> files = Files.list(PAGES)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".md"))
                    .map(name -> name.substring(0, name.length() - 3))
                    .sorted()
                    .toList();
        }
    }

    @Test
    void thereAreAllPages() throws IOException {
        assertTrue(pages().size() >= 40, () -> "only some of the pages are there");
    }

    @ParameterizedTest
    @MethodSource("pages")
    void planIsAsThePageSays(String name) throws IOException {
        Path file = PAGES.resolve(name + ".md");
        String page = Files.readString(file);
        assertTrue(page.startsWith("# "), "a title says what the situation shows");
        String before = page.contains(PLAN) ? page.substring(0, page.indexOf(PLAN)) : page;
        Situation situation = Situation.read(before + "\n");
        Plan plan = situation.plan();
        assertEquals(plan, situation.plan());
        String text = Samples.printed(out -> {
            new PlanText(out, Palette.PLAIN).print(plan);
            new DiagnosticText(out, Palette.PLAIN, DiagnosticText.MOST).print(plan.problems());
        });
        Golden.checkFile(file, before.stripTrailing() + "\n" + PLAN + "$ provision " + situation.command() + "\n" + text
                + "```\n");
        Golden.checkFile(PAGES.resolve(name + ".json"),
                Json.pretty(PlanJson.document(SavedPlan.unbound(plan))) + "\n");
    }
}
