package dev.provision.schema;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

import org.junit.jupiter.api.Test;

import dev.provision.schema.diagnostics.Problems;
import dev.provision.schema.diagnostics.SourceText;
import dev.provision.schema.fleet.CpuPlacement;
import dev.provision.schema.fleet.CpuRange;
import dev.provision.schema.fleet.Fleet;
import dev.provision.schema.fleet.MemoryRange;
import dev.provision.schema.fleet.Resources;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * Notations of resources as they are written for other systems, and what each means here: {@code system | what stands under
 * resources | result}. A result is what differs from a bare machine, in canonical words, or the diagnostics.
 */
class ConformanceTest {

    private static final Path TABLE = Path.of("src/test/resources/conformance/resources.txt");
    private static final int LEAST = 150;

    @Test
    void notationsMeanWhatTheTableSays() throws IOException {
        List<String> lines = new ArrayList<>();
        int notations = 0;
        for (String line : Files.readAllLines(TABLE)) {
            String[] columns = line.split(" \\| ", 3);
            if (line.startsWith("#") || columns.length < 2) {
                lines.add(line);
            } else {
                notations++;
                lines.add("%s | %s | %s".formatted(columns[0], columns[1], result(columns[1])));
            }
        }
        assertTrue(notations >= LEAST, notations + " notations");
        GoldenFile.check(TABLE, String.join("\n", lines) + "\n");
    }

    @Test
    void noNotationStandsTwice() throws IOException {
        List<String> notations = Files.readAllLines(TABLE)
                .stream()
                .map(line -> line.split(" \\| ", 3))
                .filter(columns -> columns.length == 3)
                .map(columns -> columns[0] + " | " + columns[1])
                .toList();
        assertEquals(notations.stream().distinct().toList(), notations);
    }

    private static String result(String notation) {
        Problems problems = new Problems();
        Optional<Fleet> fleet = ManifestReader.read(new SourceText("m.yaml",
                "version: 1\nfleet: f\nmachines:\n  a:\n    resources: {" + notation + "}\n"), problems);
        String said = problems.sorted()
                .stream()
                .map(problem -> problem.code().id() + " " + problem.what())
                .collect(Collectors.joining("; "));
        return fleet.map(f -> Objects.requireNonNull(f.machines().get("a")).spec().resources())
                .map(resources -> meaning(resources) + (said.isEmpty() ? "" : " (" + said + ")"))
                .orElse(said);
    }

    private static String meaning(Resources resources) {
        List<String> words = new ArrayList<>();
        words.add("cpus=" + range(resources.cpus()));
        resources.placement().cpuset().ifPresent(set -> words.add("cpuset=" + set));
        if (resources.placement().shares() != CpuPlacement.STANDARD_SHARES) {
            words.add("shares=" + resources.placement().shares());
        }
        words.add("memory=" + range(resources.memory()));
        resources.memory().hard().ifPresent(size -> words.add("hard=" + size.canonical()));
        if (resources.cpus().hotplug()) {
            words.add("cpus.hotplug");
        }
        resources.memory().hotplug().ifPresent(plugged -> words.add("memory.hotplug=" + plugged));
        resources.memory().hugepages().ifPresent(pages -> words.add("memory.hugepages=" + pages));
        if (resources.memory().deflateOnOom()) {
            words.add("memory.deflateOnOom");
        }
        if (!resources.swap()) {
            words.add("swap=false");
        }
        resources.overlay().ifPresent(size -> words.add("overlay=" + size.canonical()));
        resources.storage().ifPresent(size -> words.add("storage=" + size.canonical()));
        resources.disks()
                .forEach((name, disk) -> words.add(
                        "disks." + name + "=" + disk.size().canonical() + "@" + disk.mount()));
        words.add("shm=" + resources.shm().canonical());
        resources.gpu().ifPresent(gpu -> words.add("gpu=" + gpu));
        resources.devices().forEach(device -> words.add("device=" + device));
        return String.join(" ", words);
    }

    private static String range(CpuRange cpus) {
        return cpus.equals(CpuRange.exactly(cpus.limit())) ? cpus.limit().toString()
                : cpus.request() + "/" + cpus.limit() + "/" + cpus.max();
    }

    private static String range(MemoryRange memory) {
        return memory.request().equals(memory.limit()) && memory.limit().equals(memory.max())
                ? memory.limit().canonical()
                : memory.request().canonical() + "/" + memory.limit().canonical() + "/" + memory.max().canonical();
    }
}
