package dev.provision.provisioner.views;

import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.provision.planner.diff.Disruption;
import dev.provision.planner.plan.Plan;
import dev.provision.planner.schedule.Schedule;
import dev.provision.provisioner.golden.Golden;
import dev.provision.provisioner.plans.PlanJson;
import dev.provision.provisioner.plans.SavedPlan;

import static dev.provision.provisioner.views.Samples.ASCII;
import static dev.provision.provisioner.views.Samples.COLOUR;
import static dev.provision.provisioner.views.Samples.printed;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Every view of every kind of value, as files to look at. */
class GoldenViewsTest {

    private static Palette palette(String name) {
        return switch (name) {
            case "colour" -> COLOUR;
            case "ascii" -> ASCII;
            default -> Palette.PLAIN;
        };
    }

    /** Whatever a guest or a file says, only our own colours reach the terminal. */
    private static void check(String name, String text) {
        String steering = text.replaceAll("\u001b\\[(0|1|2|31|32|33|34)m", "").replaceAll("[\n\t]", "");
        assertTrue(steering.chars().noneMatch(c -> Character.isISOControl(c) || c == 0x202e), text);
        Golden.check(name, text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"plain", "colour", "ascii"})
    void plan(String name) {
        check("plan-" + name + ".txt", printed(out -> new PlanText(out, palette(name)).print(Samples.plan())));
    }

    @ParameterizedTest
    @ValueSource(strings = {"plain", "colour", "ascii"})
    void status(String name) {
        check("status-" + name + ".txt", printed(out -> new StatusText(out, palette(name)).print(statuses())));
    }

    @ParameterizedTest
    @ValueSource(strings = {"plain", "colour", "ascii"})
    void eventsAndLedger(String name) {
        check("events-" + name + ".txt",
                printed(out -> Samples.events().forEach(new EventText(out, palette(name), "provision apply"))));
    }

    @ParameterizedTest
    @ValueSource(strings = {"plain", "colour", "ascii"})
    void liveRows(String name) {
        LiveRows rows = new LiveRows(palette(name));
        List<String> frames = new ArrayList<>();
        Samples.events().forEach(event -> {
            rows.accept(event, 0);
            frames.add(String.join("\n", rows.frame(3, frames.size(), 2_500_000_000L)));
        });
        frames.add(String.join("\n", rows.last(0)));
        check("live-" + name + ".txt", String.join("\n--\n", frames) + "\n");
    }

    @Test
    void nothing() {
        assertEquals("No machines.\n", printed(out -> new StatusText(out, Palette.PLAIN).print(List.of())));
        assertEquals("Nothing to do: 1 machine is as wanted.", PlanText.summary(Samples.nothingToDo(1)));
        assertEquals("Nothing to do: 2 machines are as wanted.", PlanText.summary(Samples.nothingToDo(2)));
        Plan drift = new Plan("lab", Samples.plan().accelerator(), Samples.plan().pool(),
                Samples.plan().changes().stream().filter(c -> c.disruption() == Disruption.KEEP).toList(),
                Schedule.EMPTY, List.of());
        assertEquals("Nothing to do: 1 machine is not as applied and left alone; 3 as wanted.",
                PlanText.summary(drift));
        assertEquals("Nothing to do: there are no machines.", PlanText.summary(Samples.nothingToDo(0)));
        assertEquals("fleet lab\n\nNothing to do: there are no machines.\n",
                printed(out -> new PlanText(out, Palette.PLAIN).print(Samples.nothingToDo(0))));
    }

    @Test
    void json() {
        check("plan.json",
                Json.pretty(PlanJson.document(SavedPlan.unbound(Samples.plan()))) + "\n");
        check("status.json", Json.pretty(Json.status(statuses())) + "\n");
        // Its rules hold whole pages, which have a test of their own.
        check("problems.sarif",
                Json.pretty(Samples.sarif(Samples.problems()))
                        .replaceFirst("(?s)\"rules\" : .*?\\} \\]\n", "\"rules\" : []\n")
                        + "\n");
        check("problems.json", Json.pretty(Json.problems(Samples.problems())) + "\n");
        check("events.jsonl", printed(out -> Samples.events().forEach(new EventJson(out, "provision apply"))));
        check("errors.jsonl", Json.line(Json.error(5, "no disk", "make room")) + "\n"
                + Json.line(Json.failed(1, "no", "")) + "\n" + Json.line(Json.invalid(3, "no", Samples.problems()))
                + "\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"plain", "colour", "ascii"})
    void diagnostics(String name) {
        check("problems-" + name + ".txt",
                printed(out -> new DiagnosticText(out, palette(name), DiagnosticText.MOST).print(Samples.problems())));
    }

    private static List<FleetStatus> statuses() {
        return Samples.fleets().stream().map(FleetStatus::of).toList();
    }
}
