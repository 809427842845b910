package dev.provision.schema;

import java.util.Optional;

import org.junit.jupiter.api.Test;

import dev.provision.schema.diagnostics.Problems;
import dev.provision.schema.diagnostics.SourceText;
import dev.provision.schema.fleet.Fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * Loading, validating and resolving take time in proportion to the manifest. Also the benchmark, which prints its figures:
 * {@code mvn -pl schema test -Dtest=ScaleTest -Dscale.machines=100000}.
 */
class ScaleTest {

    private static final int MACHINES = Integer.getInteger("scale.machines", 10_000);
    /** A quarter of the machines takes about a quarter of the time; quadratic time would make this 4. */
    private static final double MOST_GROWTH = 2.5;

    private interface Manifest {
        String of(int machines);
    }

    @Test
    void timeIsLinearInMachines() {
        measure("machines with profiles", ScaleTest::profiles);
    }

    @Test
    void timeIsLinearInMachinesThatDependOnEachOther() {
        measure("machines with dependencies and ports", ScaleTest::dependencies);
    }

    @Test
    void timeIsLinearInProblems() {
        measure("machines with two mistakes each", ScaleTest::mistakes);
    }

    private static void measure(String what, Manifest manifest) {
        String small = manifest.of(MACHINES / 4);
        String large = manifest.of(MACHINES);
        double growth = Double.MAX_VALUE;
        // A busy machine disturbs one measurement, not all of them.
        for (int attempt = 0; attempt < 6 && growth > MOST_GROWTH; attempt++) {
            double few = seconds(small, MACHINES / 4);
            double many = seconds(large, MACHINES);
            growth = Math.min(growth, many / few / 4);
            System.out.printf("%,d %s: %.2f s, %.1f µs each; a quarter of them: %.1f µs each%n", MACHINES, what, many,
                    many * 1e6 / MACHINES, few * 4e6 / MACHINES);
        }
        double least = growth;
        assertTrue(growth <= MOST_GROWTH, () -> what + ": time per machine grows by " + least);
    }

    private static double seconds(String text, int machines) {
        double best = Double.MAX_VALUE;
        for (int i = 0; i < 3; i++) {
            long start = System.nanoTime();
            Problems problems = new Problems();
            Optional<Fleet> fleet = ManifestReader.read(new SourceText("m.yaml", text), problems);
            int found = problems.sorted().size();
            best = Math.min(best, (System.nanoTime() - start) / 1e9);
            assertEquals(machines, fleet.map(f -> f.machines().size()).orElse(found / 2));
        }
        return best;
    }

    private static StringBuilder head() {
        return new StringBuilder("version: 1\nfleet: large\n");
    }

    private static String profiles(int machines) {
        StringBuilder text = head().append("""
                defaults: { resources: { cpus: 1, memory: 512MiB }, env: { REGION: eu } }
                profiles:
                  base: { resources: { overlay: 2GiB } }
                  small: { extends: base, resources: { memoryMb: 256 } }
                  large: { extends: base, resources: { memory: [1GiB, 2GiB], storage: 20GiB } }
                machines:
                """);
        for (int i = 0; i < machines; i++) {
            text.append("  machine-").append(i).append(":\n    profile: ").append(i % 3 == 0 ? "large" : "small");
            text.append("\n    resources: { cpus: { request: 0.5, limit: 2 } }\n    env: { NUMBER: ")
                    .append(i)
                    .append(" }\n");
            text.append("    labels: { row: r").append(i % 100).append(" }\n");
        }
        return text.toString();
    }

    private static String dependencies(int machines) {
        StringBuilder text = head().append("machines:\n");
        for (int i = 0; i < machines; i++) {
            text.append("  m")
                    .append(i)
                    .append(": { ports: [\"127.0.")
                    .append(i / 250 % 250)
                    .append('.')
                    .append(i % 250 + 1);
            text.append(':').append(1024 + i / 62_500).append(":80\"]");
            text.append(i == 0 ? "" : ", dependsOn: { m" + i / 2 + ": ready }").append(" }\n");
        }
        return text.toString();
    }

    private static String mistakes(int machines) {
        StringBuilder text = head().append("machines:\n");
        for (int i = 0; i < machines; i++) {
            text.append("  m").append(i).append(": { resources: { memory: lots }, colour: red }\n");
        }
        return text.toString();
    }
}
