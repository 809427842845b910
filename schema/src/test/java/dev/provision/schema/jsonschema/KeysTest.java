package dev.provision.schema.jsonschema;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;

import org.junit.jupiter.api.Test;

import dev.provision.schema.ManifestReader;
import dev.provision.schema.diagnostics.Code;
import dev.provision.schema.diagnostics.Diagnostic;
import dev.provision.schema.diagnostics.Problems;
import dev.provision.schema.diagnostics.SourceText;
import dev.provision.schema.document.YamlReader;
import dev.provision.schema.fleet.Fleet;
import dev.provision.schema.jsonschema.Spots.Spot;
import dev.provision.schema.manifest.MachineEntry;
import dev.provision.schema.manifest.ManifestEntry;

import static java.util.Map.entry;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What the keys say of themselves holds: each default is the one that applies, each example can be written. */
class KeysTest {

    private static final Set<String> PARTS = Set.of("defaults", "profiles", "machines");

    /** What has to stand beside a key so that it means something. */
    private static final Map<String, String> BESIDE = Map.ofEntries(entry("run.restart", "command: [x]"),
            entry("run.deadline", "command: [x], restart: never"), entry("ready.http.path", "port: 80"),
            entry("resources.gpu.quantity", "device: A100"), entry("resources.gpu.partition", "device: A100"),
            entry("resources.devices[].quantity", "name: tpu"), entry("networks[].address", "name: lab"),
            entry("networks.x.bridge", "subnet: 10.77.0.0/24"), entry("resources.disks.x.mount", "size: 1"),
            entry("host.pool.cpus", "memory: 1"), entry("host.pool.memory", "cpus: 1"));

    /** What examples mention stands elsewhere. */
    private static final Set<Code> OF_OTHER_PLACES = EnumSet.of(Code.UNKNOWN_PROFILE, Code.UNKNOWN_NETWORK,
            Code.UNKNOWN_MACHINE, Code.PORT_CONFLICT);

    private static List<Spot> keys(Class<?> record, Predicate<String> sections) {
        return Spots.of(record, sections).stream().filter(Spot::isKey).toList();
    }

    private static List<Spot> keysOfMachines() {
        return keys(MachineEntry.class, key -> !key.equals("extends"));
    }

    private static List<Spot> otherKeys() {
        return keys(ManifestEntry.class, key -> !PARTS.contains(key));
    }

    private static String machine(String entries) {
        return "version: 1\nfleet: f\nmachines: {a: " + entries + "}\n";
    }

    /** A manifest in flow style of these entries and all that must be there. */
    private static String manifest(String entries) {
        StringBuilder text = new StringBuilder("{");
        Map.of("version", "1", "fleet", "f", "machines", "{}").forEach((key, value) -> {
            if (!entries.startsWith("{" + key + ":")) {
                text.append(key).append(": ").append(value).append(", ");
            }
        });
        return text + entries.substring(1);
    }

    private static String with(Spot spot, String value) {
        return spot.mapping().apply(spot.entry().apply(value) + ", " + BESIDE.getOrDefault(spot.path(), ""));
    }

    /** Every machine and the policy. */
    private static List<Object> resolved(String text) {
        Problems problems = new Problems();
        Optional<Fleet> fleet = ManifestReader.read(new SourceText("m", text), problems);
        assertEquals(List.of(), problems.sorted(), text);
        Map<String, Object> specs = new TreeMap<>();
        fleet.orElseThrow().machines().forEach((name, machine) -> specs.put(name, machine.spec()));
        return List.of(specs, fleet.orElseThrow().policy());
    }

    private static List<Spot> withDefault(List<Spot> spots) {
        return spots.stream().filter(spot -> !spot.key().standard().isEmpty()).toList();
    }

    private static String without(Spot spot) {
        return spot.mapping().apply(BESIDE.getOrDefault(spot.path(), ""));
    }

    @Test
    void writingADefaultOutChangesNothing() {
        List<Spot> ofMachines = withDefault(keysOfMachines());
        List<Spot> others = withDefault(otherKeys());
        assertTrue(ofMachines.size() >= 14 && others.size() >= 4, ofMachines + " " + others);
        for (Spot spot : ofMachines) {
            String said = machine(with(spot, spot.key().standard()));
            assertEquals(resolved(machine(without(spot))), resolved(said), said);
        }
        for (Spot spot : others) {
            String said = manifest(with(spot, spot.key().standard()));
            assertEquals(resolved(manifest(without(spot))), resolved(said), said);
        }
    }

    /** Else the test above would compare what nothing changes. */
    @Test
    void anotherValueThanTheDefaultChangesSomething() {
        Spot timeout = keysOfMachines().stream()
                .filter(spot -> spot.path().equals("ready.timeout"))
                .findFirst()
                .orElseThrow();
        assertNotEquals(resolved(machine("{}")), resolved(machine(with(timeout, "3m"))));
    }

    @Test
    void everyKeyHasAnExampleOrFewValues() {
        List<Spot> all = new ArrayList<>(keys(MachineEntry.class, key -> true));
        all.addAll(keys(ManifestEntry.class, key -> true));
        assertEquals(List.of(), all.stream()
                .filter(spot -> spot.key().examples().isEmpty())
                .filter(spot -> spot.key().type() != Boolean.class
                        && !(spot.key().type() instanceof Class<?> type && type.isEnum()))
                .map(Spot::path)
                .toList());
    }

    @Test
    void examplesCanBeWritten() {
        StringBuilder machines = new StringBuilder("version: 1\nfleet: f\nmachines:\n");
        int count = 0;
        for (Spot spot : keysOfMachines()) {
            for (String example : spot.key().examples()) {
                machines.append("  m").append(count++).append(": ").append(with(spot, example)).append('\n');
            }
        }
        assertTrue(count > 60, count + " examples");
        check(machines.toString());
        check("version: 1\nfleet: f\nprofiles: {a: {extends: small}, b: {extends: [small, durable]}}\nmachines: {}\n");
        for (Spot spot : keys(ManifestEntry.class, key -> true)) {
            if (!spot.path().matches("(defaults|profiles|machines)\\..*")) {
                spot.key().examples().forEach(example -> check(manifest(with(spot, example))));
            }
        }
    }

    private static void check(String text) {
        SourceText source = new SourceText("m", text);
        Problems problems = new Problems();
        ManifestReader.read(source, problems);
        assertEquals(List.of(), problems.sorted()
                .stream()
                .filter(Diagnostic::isError)
                .filter(problem -> !OF_OTHER_PLACES.contains(problem.code()))
                .toList(), text);
        assertEquals(Set.of(), new EditorView().violations(YamlReader.read(source, new Problems()).orElseThrow()));
    }
}
