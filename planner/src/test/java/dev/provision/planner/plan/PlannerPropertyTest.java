package dev.provision.planner.plan;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.provision.planner.Specs;
import dev.provision.planner.diff.Disruption;
import dev.provision.planner.observed.MachineState;
import dev.provision.planner.observed.ObservedFleet;
import dev.provision.planner.observed.ObservedMachine;
import dev.provision.schema.fleet.Fleet;
import dev.provision.schema.fleet.FleetMachine;
import dev.provision.schema.fleet.MachineSpec;
import dev.provision.schema.units.ByteSize;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What holds for every fleet and everything that could be observed of it. */
class PlannerPropertyTest {

    private static final Planner.Host HOST = Specs.host(16, 64);

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void plansAreTotalDeterministicSafeAndOrdered(long seed) {
        Random random = new Random(seed);
        for (int i = 0; i < 150; i++) {
            Fleet fleet = fleet(random);
            ObservedFleet observed = observed(random, fleet(random));
            Plan plan = Planner.converge(fleet, observed, HOST);
            assertEquals(plan, Planner.converge(fleet, observed, HOST));
            Set<String> both = new HashSet<>(fleet.machines().keySet());
            both.addAll(observed.machines().keySet());
            assertEquals(both.size(), plan.changes().size());
            assertEquals(both, Set.copyOf(plan.changes().stream().map(MachineChange::machine).toList()));
            plan.changes().forEach(PlannerPropertyTest::isSafe);
            isOrdered(plan);
            assertEquals(List.of(), Planner.converge(fleet, Specs.converged(fleet), HOST).actions());
        }
    }

    private static void isSafe(MachineChange change) {
        List<Step> steps = change.steps();
        assertEquals(change.disruption() == Disruption.KEEP, steps.isEmpty());
        assertFalse(steps.contains(new Step.Remove(true)), "storage is given up by `destroy --storage` only");
        boolean down = !change.running();
        boolean there = change.disruption() != Disruption.CREATE;
        for (Step step : steps) {
            switch (step) {
                case Step.Stop stop -> down = true;
                case Step.Create create -> {
                    assertTrue(down);
                    there = true;
                }
                case Step.Remove remove -> {
                    assertTrue(down, "removed while it runs");
                    there = false;
                }
                case Step.DiscardOverlay discard -> assertTrue(down && there);
                case Step.GrowDisks grow -> assertTrue(down && there);
                case Step.Start start -> {
                    assertTrue(there, "started before it is there");
                    down = false;
                }
                case Step.ResizeMemory resize -> assertFalse(down);
                case Step.ResizeCpus resize -> assertFalse(down);
                case Step.ResizeShm resize -> assertFalse(down);
                case Step.ForwardPorts forward -> assertFalse(down);
                case Step.SaveSpec save -> assertTrue(there);
            }
        }
    }

    private static void isOrdered(Plan plan) {
        Set<String> before = new HashSet<>();
        for (MachineChange change : plan.changes()) {
            assertTrue(before.containsAll(change.dependsOn().keySet()), change.machine());
            before.add(change.machine());
        }
    }

    /** Up to six machines; each waits for some that come later in the alphabet. */
    private static Fleet fleet(Random random) {
        StringBuilder text = new StringBuilder("machines:\n  z: {}\n");
        for (String name : List.of("a", "b", "c", "d", "e")) {
            if (random.nextBoolean()) {
                text.append("  ").append(name).append(": {").append(keys(random)).append("}\n");
            }
        }
        return Specs.fleet(text.toString());
    }

    private static String keys(Random random) {
        int limit = 1 + random.nextInt(3);
        List<String> keys = new ArrayList<>(
                List.of("resources: {cpus: {limit: %d, max: %d}, memory: %dMiB, storage: %d, disks: {d%d: 1}}"
                        .formatted(limit, limit + random.nextInt(2), 256 * limit, 1 + random.nextInt(2),
                                random.nextInt(2))));
        if (random.nextBoolean()) {
            keys.add("dependsOn: {z: ready}");
        }
        if (random.nextBoolean()) {
            keys.add("image: debian");
        }
        if (random.nextBoolean()) {
            keys.add("env: {A: '" + random.nextInt(2) + "'}");
        }
        if (random.nextBoolean()) {
            keys.add("run: {command: [x], restart: never}");
        }
        return String.join(", ", keys);
    }

    private static ObservedFleet observed(Random random, Fleet applied) {
        SortedMap<String, ObservedMachine> machines = new TreeMap<>();
        for (FleetMachine machine : applied.machines().values()) {
            MachineSpec spec = machine.spec();
            boolean recorded = random.nextInt(8) > 0;
            machines.put(spec.name(), new ObservedMachine(spec.name(), state(random, spec),
                    recorded ? Optional.of(spec) : Optional.empty(),
                    recorded && random.nextBoolean() ? Optional.of(Specs.booted(spec)) : Optional.empty()));
        }
        return new ObservedFleet("lab", machines, new TreeMap<>());
    }

    private static MachineState state(Random random, MachineSpec spec) {
        return switch (random.nextInt(9)) {
            case 0 -> Specs.running(spec);
            case 1 -> new MachineState.Running(1, random.nextBoolean(),
                    random.nextBoolean() ? Optional.of(ByteSize.ofMib(100 + random.nextInt(900))) : Optional.empty(),
                    random.nextBoolean() ? Optional.of(1 + random.nextInt(4)) : Optional.empty());
            case 2 -> new MachineState.Unresponsive(1, "timeout");
            case 3 -> new MachineState.Completed(random.nextInt(2));
            case 4 -> new MachineState.Stopped();
            case 5 -> new MachineState.Dead("killed");
            case 6 -> new MachineState.Created();
            case 7 -> new MachineState.Broken("no JSON");
            default -> new MachineState.Orphan(1);
        };
    }
}
