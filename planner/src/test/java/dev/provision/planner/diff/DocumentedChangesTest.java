package dev.provision.planner.diff;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import dev.provision.planner.Specs;
import dev.provision.schema.binding.Forms;
import dev.provision.schema.binding.RecordShape;
import dev.provision.schema.fleet.MachineSpec;
import dev.provision.schema.manifest.MachineEntry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

/** What the manifest reference says of each key's changes is what they do: these classes, all of them and no other. */
class DocumentedChangesTest {

    private static final Pattern CLASS = Pattern.compile("live|restart|recreate");

    /** What stands beside a key, so that nothing but its own value changes. */
    private static final Map<String, String> BESIDE = Map.of("resources.cpus.request", "limit: 2", "resources.cpus.max",
            "limit: 1", "resources.memory.request", "limit: 1GiB", "resources.memory.max", "limit: 1GiB",
            "resources.memory.hard", "limit: 1GiB", "resources.memory.hotplug", "limit: 1GiB, max: 2GiB",
            "resources.memory.hugepages", "limit: 1GiB", "resources.memory.deflateOnOom", "limit: 1GiB, max: 2GiB");

    /** Values that are no examples, since they show people nothing new. */
    private static final Map<String, String> FURTHER = Map.of("resources.storage", "40GiB", "resources.disks",
            "{ scratch: 200GiB }");

    /** A key that says what its changes do, and how to write a machine of the mapping's entries that it stands in. */
    record Documented(String path, RecordShape.Component key, UnaryOperator<String> machine) {
        @Override
        public String toString() {
            return path;
        }
    }

    static List<Documented> keys() {
        List<Documented> found = new ArrayList<>();
        collect(MachineEntry.class, "", entries -> entries, found);
        return found;
    }

    private static void collect(Class<?> record, String start, UnaryOperator<String> machine, List<Documented> found) {
        for (RecordShape.Component key : RecordShape.of(record).components()) {
            if (!key.change().isEmpty()) {
                found.add(new Documented(start + key.name(), key, machine));
            }
            if (key.type() instanceof Class<?> inner && !Forms.isScalar(inner)) {
                collect(inner, start + key.name() + ".",
                        entries -> machine.apply(key.name() + ": {" + entries + "}"), found);
            }
        }
    }

    private static List<String> values(Documented documented) {
        RecordShape.Component key = documented.key();
        List<String> values = new ArrayList<>(List.of("~"));
        values.addAll(key.examples());
        Optional.ofNullable(FURTHER.get(documented.path())).ifPresent(values::add);
        if (key.type() == Boolean.class) {
            values.addAll(List.of("true", "false"));
        } else if (key.type() instanceof Class<?> type && type.isEnum()) {
            Arrays.stream(type.getEnumConstants()).map(Object::toString).forEach(values::add);
        }
        return values;
    }

    private static MachineSpec machine(Documented documented, String value) {
        String entries = documented.key().name() + ": " + value + ", " + BESIDE.getOrDefault(documented.path(), "");
        return Objects.requireNonNull(Specs
                .fleet("networks: {lab: {subnet: 10.77.0.0/24}}\nmachines: {db: , a: {"
                        + documented.machine().apply(entries) + "}}")
                .machines()
                .get("a")).spec();
    }

    @ParameterizedTest
    @MethodSource("keys")
    void changesDoWhatTheReferenceSays(Documented documented) {
        Set<String> observed = new TreeSet<>();
        changes(documented).forEach(changes -> changes.stream()
                .map(FieldChange::disruption)
                .reduce(Disruption::worse)
                .ifPresent(worst -> observed.add(worst.word())));
        Set<String> said = CLASS.matcher(documented.key().change())
                .results()
                .map(MatchResult::group)
                .collect(Collectors.toCollection(TreeSet::new));
        assertEquals(said, observed);
    }

    @ParameterizedTest
    @MethodSource("keys")
    void whatIsWorseThanLiveSaysWhy(Documented documented) {
        changes(documented).stream()
                .flatMap(List::stream)
                .filter(change -> change.disruption() != Disruption.LIVE)
                .forEach(change -> assertFalse(change.reason().isBlank(), change::toString));
    }

    /** What nothing could have made milder says nothing: an advice that does not help is worse than none. */
    @Test
    void whereSomethingWouldHaveBeenMilderItIsSaid() {
        Set<String> advised = new TreeSet<>();
        for (Documented documented : keys()) {
            changes(documented).stream()
                    .flatMap(List::stream)
                    .filter(change -> !change.milder().isEmpty())
                    .forEach(change -> {
                        assertNotEquals(Disruption.LIVE, change.disruption());
                        advised.add(documented.path());
                    });
        }
        assertEquals(Set.of("resources.cpus.limit", "resources.cpus.max", "resources.memory.limit",
                "resources.memory.max", "resources.overlay"), advised);
    }

    /** Of each value to each other. */
    private static List<List<FieldChange>> changes(Documented documented) {
        List<List<FieldChange>> changes = new ArrayList<>();
        for (String before : values(documented)) {
            MachineSpec applied = machine(documented, before);
            for (String after : values(documented)) {
                changes.add(MachineDiff.between(applied, machine(documented, after), Specs.vmm(applied),
                        Found.NOTHING));
            }
        }
        return changes;
    }
}
