package dev.provision.acceptance.faults;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.provision.acceptance.Provision;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Many at once: of one fleet one after the other, of others side by side. */
class ConcurrentAppliesTest {

    private static final int OF_ONE = 10;
    private static final int OTHERS = 10;

    /** So many of the others have a machine; the rest is as empty as a fleet that is being written. */
    private static final int OTHERS_WITH_MACHINE = 4;

    @TempDir
    private Path folder = Path.of("");

    @Test
    void twentyAppliesAreSerialisedPerFleet() throws Exception {
        try (Provision provision = new Provision(folder)) {
            List<Process> running = new ArrayList<>();
            write(provision, "shared", true);
            for (int i = 0; i < OF_ONE; i++) {
                running.add(apply(provision, "shared", running.size()));
            }
            for (int i = 0; i < OTHERS; i++) {
                write(provision, "other" + i, i < OTHERS_WITH_MACHINE);
                running.add(apply(provision, "other" + i, running.size()));
            }
            for (int i = 0; i < running.size(); i++) {
                assertTrue(running.get(i).waitFor(5, TimeUnit.MINUTES), "hangs");
                String all = Files.readString(folder.resolve("o" + i)) + Files.readString(folder.resolve("e" + i));
                assertEquals(0, running.get(i).exitValue(), all);
            }
            assertEquals(1 + OTHERS_WITH_MACHINE, provision.vmms().size());
            assertTrue(provision.run("plan", "-f", "shared.yaml").exits(0).out().contains("Nothing to do"));
            String journal = Files.readString(provision.state().resolve("fleets/shared/journal.jsonl"));
            assertEquals(1, journal.lines()
                    .filter(line -> line.contains("\"step-started\"")
                            && line.contains("\"create\""))
                    .count(), "made once, by the first of ten");
        }
    }

    private static void write(Provision provision, String fleet, boolean withMachine) {
        provision.write(fleet + ".yaml", "version: 1\nfleet: " + fleet + "\nmachines: "
                + (withMachine ? "{ a: { resources: { memory: 128MiB } } }\n" : "{}\n"));
    }

    private Process apply(Provision provision, String fleet, int number) throws Exception {
        return provision.start(folder.resolve("o" + number), folder.resolve("e" + number), "apply", "--yes",
                "--lock-timeout=5m", "-f", fleet + ".yaml");
    }
}
