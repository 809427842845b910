package dev.provision.provisioner.plans;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;

class BindingTest {

    private static final Binding THEN = new Binding(new TreeMap<>(Map.of("a.yaml", "1", "b.yaml", "2")),
            new TreeMap<>(Map.of("db", "stopped", "web", "running (pid 1, ready)")),
            new TreeMap<>(Map.of("CPUs", "8")));

    @Test
    void nothingHasChanged() {
        assertEquals(List.of(), THEN.staleness(THEN));
    }

    @Test
    void everythingThatChangedIsTold() {
        Binding now = new Binding(new TreeMap<>(Map.of("a.yaml", "3")),
                new TreeMap<>(Map.of("web", "running (pid 2, ready)", "new", "created")),
                new TreeMap<>(Map.of("CPUs", "4")));
        assertEquals(List.of("`a.yaml` was changed since the plan was made",
                "`b.yaml` is not there any more, or not from this folder",
                "machine `db` was stopped when the plan was made, and is now not there",
                "machine `new` was not there when the plan was made, and is now created",
                "machine `web` was running (pid 1, ready) when the plan was made, and is now running (pid 2, ready)",
                "the host's CPUs was 8 when the plan was made, and is now 4"),
                THEN.staleness(now).stream().map(problem -> problem.what()).toList());
        assertEquals(
                List.of("make the plan anew: provision plan --out FILE, or run it in the folder where it was made"),
                THEN.staleness(now)
                        .stream()
                        .map(problem -> problem.fix())
                        .filter(fix -> fix.contains("folder"))
                        .toList());
    }
}
