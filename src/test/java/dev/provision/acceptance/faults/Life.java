package dev.provision.acceptance.faults;

import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The life of two machines, round after round: made, resized while one runs, restarted, made anew, one destroyed. What each
 * stage wants is another thing than what the one before has left.
 */
record Life(int hostPort) {

    static final String FLEET = "crashes";

    /** One stage of the life: what its apply has to do, in at most so many steps. */
    enum Stage {
        CREATE(4), RESIZE(3), RESTART(4), RECREATE(5), DESTROY(2);

        private final int steps;

        Stage(int steps) {
            this.steps = steps;
        }

        int steps() {
            return steps;
        }

        static Stage of(int run) {
            return values()[run % values().length];
        }
    }

    /** @param run from 0 on, counted over all rounds */
    String manifest(int run) {
        Stage stage = Stage.of(run);
        int round = run / Stage.values().length;
        boolean resized = stage.compareTo(Stage.RESIZE) >= 0;
        boolean restarted = stage.compareTo(Stage.RESTART) >= 0;
        String first = """
                version: 1
                fleet: %s
                machines:
                  a:
                    resources: { memory: { limit: %dMiB, max: 192MiB }, storage: 32MiB }
                    env: { ROUND: "%d" }
                """.formatted(FLEET, resized == (round % 2 == 0) ? 144 : 176, restarted ? round + 1 : round);
        return stage == Stage.DESTROY ? first : first + """
                  b:
                    resources: { cpus: 0.9, memory: 128MiB, storage: 32MiB }
                    ports: ["%d:80"]
                """.formatted(hostPort);
    }

    List<String> command(int run) {
        return Stage.of(run) == Stage.RECREATE ? List.of("apply", "--yes", "--allow=all", "--replace=a")
                : List.of("apply", "--yes", "--allow=all");
    }

    static SortedSet<String> machines(int run) {
        return new TreeSet<>(Stage.of(run) == Stage.DESTROY ? List.of("a") : List.of("a", "b"));
    }
}
