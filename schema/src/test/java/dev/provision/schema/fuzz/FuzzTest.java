package dev.provision.schema.fuzz;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

import com.sun.management.ThreadMXBean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import dev.provision.schema.ManifestReader;
import dev.provision.schema.diagnostics.Code;
import dev.provision.schema.diagnostics.Diagnostic;
import dev.provision.schema.diagnostics.Problems;
import dev.provision.schema.diagnostics.SourceText;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

/**
 * No manifest, however wrong, does more than be reported: no exception, no second, no memory. Runs {@code fuzz.runs} mutated
 * manifests, from {@code fuzz.seed} on, and leaves one that fails in {@code target/fuzz-SEED.yaml}. A million of them: {@code mvn -pl schema test -Dtest=FuzzTest -Dfuzz.runs=1000000}.
 */
class FuzzTest {

    private static final int RUNS = Integer.getInteger("fuzz.runs", 5_000);
    private static final long SEED = Long.getLong("fuzz.seed", 1);
    private static final Duration SLOW = Duration.ofSeconds(1);
    private static final long MUCH_MEMORY = 1L << 30;
    private static final Path RESOURCES = Path.of("src/test/resources");

    private final Set<Code> seen = EnumSet.noneOf(Code.class);
    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    /** Larger files test time and memory as they are; mutating them finds little and takes long. */
    private static final int LARGE = 10_000;

    /** Every manifest of the tests, and every notation as one. */
    private static List<String> corpus() throws IOException {
        List<String> corpus = new ArrayList<>();
        try (Stream<Path> files = Files.walk(RESOURCES)) {
            for (Path file : files.filter(path -> path.toString().endsWith(".yaml")).sorted().toList()) {
                if (Files.size(file) < LARGE) {
                    corpus.add(Files.readString(file));
                }
            }
        }
        for (String line : Files.readAllLines(RESOURCES.resolve("conformance/resources.txt"))) {
            String[] columns = line.split(" \\| ", 3);
            if (columns.length == 3) {
                corpus.add("version: 1\nfleet: f\nmachines:\n  a:\n    resources: {" + columns[1] + "}\n");
            }
        }
        return corpus;
    }

    /** Files that are kept because they once broke something, or are built to. */
    static List<Path> kept() throws IOException {
        try (Stream<Path> files = Files.list(RESOURCES.resolve("fuzz"))) {
            return files.sorted().toList();
        }
    }

    @ParameterizedTest
    @MethodSource("kept")
    void whatIsBuiltToBreakItDoesNot(Path file) throws IOException {
        read(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1), file.toString());
        read(Files.readString(file, StandardCharsets.UTF_8), file.toString());
    }

    @Test
    void mutatedManifestsAreReadOrReported() throws IOException {
        List<String> corpus = corpus();
        assertTrue(corpus.size() > 100, () -> corpus.size() + " manifests");
        int good = 0;
        seen.clear();
        for (int i = 0; i < RUNS; i++) {
            String manifest = new Mutator(corpus, SEED + i).manifest();
            try {
                good += read(manifest, "seed " + (SEED + i)) ? 1 : 0;
            } catch (AssertionError e) {
                Files.writeString(Path.of("target/fuzz-" + (SEED + i) + ".yaml"), manifest);
                throw e;
            }
        }
        // Mutations that leave nothing right, or are all wrong in one way, would test little.
        int right = good;
        assertTrue(RUNS < 1_000 || (right > RUNS / 200 && seen.size() >= 20),
                () -> right + " of the mutated manifests are right, the others show " + seen);
    }

    private boolean read(String manifest, String origin) {
        long fastest = Long.MAX_VALUE;
        boolean right = false;
        // A busy machine is slow once; a bad input is slow always.
        for (int attempt = 0; attempt < 4 && fastest > SLOW.toNanos(); attempt++) {
            long allocated = threads.getCurrentThreadAllocatedBytes();
            long start = System.nanoTime();
            right = isRight(manifest, origin);
            fastest = Math.min(fastest, System.nanoTime() - start);
            long memory = threads.getCurrentThreadAllocatedBytes() - allocated;
            assertTrue(memory < MUCH_MEMORY, () -> origin + " takes " + (memory >> 20) + " MiB");
        }
        if (fastest > SLOW.toNanos()) {
            fail(origin + " takes " + Duration.ofNanos(fastest));
        }
        return right;
    }

    private boolean isRight(String manifest, String origin) {
        Problems problems = new Problems();
        try {
            boolean right = ManifestReader.read(new SourceText("fuzz.yaml", manifest), problems).isPresent();
            for (Diagnostic problem : problems.sorted()) {
                seen.add(problem.code());
                assertTrue(!problem.what().isBlank() && !problem.what().contains("Exception"),
                        () -> origin + ": " + problem);
            }
            assertTrue(right != problems.hasErrors(), origin);
            return right;
        } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
            throw new AssertionError(origin + ": " + e, e);
        }
    }
}
