package dev.provision.provisioner.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** {@code capacity}: in a pool that does not depend on this host, under software emulation, which every host has. */
class CapacityCommandTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path folder = Path.of("");

    private String manifest() throws IOException {
        return Files.writeString(folder.resolve("m.yaml"), """
                version: 1
                fleet: capacity-test
                defaults: { resources: { cpus: 0.001 } }
                profiles:
                  small: { resources: { memory: 128MiB } }
                  large: { extends: small, resources: { memory: 256MiB } }
                  huge: { resources: { memory: 16TiB } }
                  part: { ready: { tcp: 80 }, run: { command: [x], restart: never } }
                machines:
                  a: { profile: small }
                """).toString();
    }

    private static Typed capacity(String... more) {
        String[] words = new String[more.length + 7];
        System.arraycopy(new String[]{"capacity", "--accel", "tcg", "--cpus", "1", "--mem", "512MiB"}, 0, words, 0, 7);
        System.arraycopy(more, 0, words, 7, more.length);
        return Typed.run(words);
    }

    @Test
    void everyProfileThatIsAMachineByItselfIsShown() throws IOException {
        Typed typed = capacity(manifest());
        assertEquals(0, typed.exitCode(), typed.err());
        List<String> lines = typed.out().lines().toList();
        assertEquals("fleet capacity-test", lines.getFirst());
        assertEquals("  left: 384 MiB memory, 0.999 CPUs", lines.get(2));
        assertEquals(List.of("huge   0     the machine itself", "large  1     memory of the pool",
                "small  3     memory of the pool"),
                lines.subList(5, 8).stream().map(line -> line.replaceFirst("  +[0-9]+ MiB memory,.*", "")).toList());
        assertTrue(lines.getLast().startsWith("huge: `huge` asks for 16 TiB of memory, but"), typed.out());
    }

    @Test
    void jsonSaysHowManyFitByEachBound() throws IOException {
        JsonNode small = JSON.readTree(capacity("-o", "json", "--profile", "small", manifest()).out());
        assertEquals("capacity-test", small.path("fleet").asText());
        assertEquals(1, small.path("kinds").size());
        JsonNode kind = small.path("kinds").path(0);
        assertEquals(3, kind.path("more").asInt());
        assertEquals("memory", kind.path("bound").asText());
        assertEquals(999, kind.path("limits").path("cpus").asInt());
        assertEquals(384, small.path("left").path("memoryMiB").asInt());
        assertTrue(kind.path("vmmMiB").asInt() > 100 && kind.path("limits").has("hostMemory"), kind.toString());
    }

    @Test
    void aSizeNeedsNoProfile() throws IOException {
        JsonNode kinds = JSON.readTree(capacity("-o", "json", "--machine-cpus", "100m", "--machine-memory", "128m",
                manifest()).out()).path("kinds");
        assertEquals("this size", kinds.path(0).path("name").asText());
        assertEquals(3, kinds.path(0).path("more").asInt());
        assertEquals(9, kinds.path(0).path("limits").path("cpus").asInt());
    }

    @Test
    void withoutManifestThereIsTheDefaultMachine() {
        Typed typed = capacity();
        assertEquals(0, typed.exitCode(), typed.err());
        assertTrue(typed.out().startsWith("no fleet\n"), typed.out());
        assertTrue(typed.out().contains("\ndefault  1 "), typed.out());
        assertEquals(typed.out(), capacity("--profile", "default").out(), "by the name that it is shown with");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--profile smal", "--machine-memory much", "--machine-memory 1MiB", "--machine-cpus 0",
        "--profile part"})
    void whatIsNoMachineIsRefused(String options) throws IOException {
        Typed typed = capacity((options + " " + manifest()).split(" "));
        assertEquals(2, typed.exitCode(), typed.out());
        assertTrue(typed.err().contains("error: ") && typed.err().contains("fix: "), typed.err());
    }

    @Test
    void aFleetThatDoesNotFitLeavesNoRoomAndIsSaidTo() throws IOException {
        String large = Files.writeString(folder.resolve("large.yaml"), """
                version: 1
                fleet: capacity-test
                profiles: { small: { resources: { memory: 128MiB } } }
                machines:
                  a: { count: 5, profile: small, resources: { cpus: 0.1 } }
                  j: { profile: small, run: { command: [x], restart: never } }
                """).toString();
        Typed typed = capacity(large);
        assertEquals(0, typed.exitCode(), typed.err());
        assertTrue(typed.out().endsWith("The fleet itself does not fit: provision plan says why.\n"), typed.out());
        JsonNode json = JSON.readTree(capacity("-o", "json", large).out());
        assertFalse(json.path("fleetFits").asBoolean(true));
        assertEquals(0, json.path("kinds").path(0).path("more").asInt(-1));
        assertTrue(JSON.readTree(capacity("-o", "json", manifest()).out()).path("fleetFits").asBoolean());
    }

    @Test
    void ofJobsSoManyRunAtOnce() throws IOException {
        String jobs = Files.writeString(folder.resolve("jobs.yaml"), """
                version: 1
                fleet: capacity-test
                profiles: { j: { resources: { cpus: 0.1, memory: 128MiB }, run: { command: [x], restart: never } } }
                machines: {}
                """).toString();
        Typed typed = capacity(jobs);
        assertTrue(typed.out().contains("\nj     4 "), typed.out());
        assertTrue(typed.out().endsWith("Of batch jobs so many run at once; more of them queue.\n"), typed.out());
    }

    @Test
    void aManifestWithMistakesIsShownAsSuch() throws IOException {
        String bad = Files.writeString(folder.resolve("bad.yaml"), "version: 1\nmachines: {}\n").toString();
        assertEquals(3, capacity(bad).exitCode());
        assertTrue(capacity(bad).err().contains("PRV-0104"));
    }
}
