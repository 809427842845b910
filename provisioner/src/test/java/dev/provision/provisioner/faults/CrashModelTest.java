package dev.provision.provisioner.faults;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

import dev.provision.planner.diff.Disruption;
import dev.provision.planner.plan.MachineChange;
import dev.provision.planner.plan.Plan;
import dev.provision.planner.plan.Planner;
import dev.provision.provisioner.convergence.Executor;
import dev.provision.provisioner.convergence.JobEnds;
import dev.provision.provisioner.events.Ledger;
import dev.provision.provisioner.faults.World.Disk;
import dev.provision.provisioner.faults.World.Vmm;
import dev.provision.schema.fleet.DiskKey;
import dev.provision.schema.fleet.Fleet;
import dev.provision.schema.fleet.MachineSpec;
import dev.provision.schema.fleet.Workload;
import dev.provision.schema.units.ByteSize;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * A command that dies after any change it makes to the world leaves what the next one converges from: by observation alone,
 * with nothing lost. Every single crash of all these changes of fleets, and {@code -Dfaults.crashes=N} random double ones;
 * {@code -Dfaults.seed=N} repeats these. Machines go on at the same time, so that a failure tells what was done, in which order.
 */
class CrashModelTest {

    private static final int CRASHES = Integer.getInteger("faults.crashes", 2_000);
    private static final long SEED = Long.getLong("faults.seed", new Random().nextInt(1_000_000));
    private static final int NEVER = Integer.MAX_VALUE;

    @TestFactory
    List<DynamicTest> everySingleCrash() {
        return Changes.ALL.entrySet()
                .stream()
                .map(change -> DynamicTest.dynamicTest(change.getKey(), () -> {
                    int all = new Story(change.getValue()).run(List.of(NEVER), After.NOTHING);
                    assertTrue(all > 1, "nothing to crash in");
                    for (int survives = 0; survives < all; survives++) {
                        for (After after : After.values()) {
                            new Story(change.getValue()).run(List.of(survives), after);
                        }
                    }
                }))
                .toList();
    }

    @Test
    void randomDoubleCrashes() {
        List<Changes> all = List.copyOf(Changes.ALL.values());
        for (int number = 0; number < CRASHES; number++) {
            Random random = new Random(SEED + number);
            Changes changes = all.get(random.nextInt(all.size()));
            List<Integer> survives = List.of(random.nextInt(24), random.nextInt(12));
            try {
                new Story(changes).run(survives, random.nextInt(4) == 0 ? After.REBOOT
                        : random.nextInt(4) == 0 ? After.JOBS_END : After.NOTHING);
            } catch (AssertionError e) {
                throw new AssertionError("again by -Dfaults.seed=" + (SEED + number) + " -Dfaults.crashes=1", e);
            }
        }
    }

    /** What happens when the command has died, before the next one comes. */
    private enum After {
        NOTHING, REBOOT, JOBS_END
    }

    /** One world's: converged to what was, then changed to what is wanted, with crashes. */
    private static final class Story {

        private final Fleet before;
        private final Fleet wanted;
        private final World world;
        private final List<String> told = new ArrayList<>();
        private final Set<String> mayLoseOverlay = new HashSet<>();

        Story(Changes changes) {
            this.before = changes.before();
            this.wanted = changes.after();
            this.world = new World(wanted.name());
        }

        /**
         * @param after
         *            each crash
         * @return how many changes of the world the first command made
         */
        int run(List<Integer> crashes, After after) {
            if (!before.machines().isEmpty()) {
                apply(before, NEVER);
            }
            told.clear();
            SortedMap<String, SortedMap<DiskKey, Integer>> disks = numbers();
            SortedMap<String, Disk> overlays = new TreeMap<>(world.overlays);
            int first = -1;
            for (int survives : crashes) {
                int done = apply(wanted, survives);
                first = first < 0 ? done : first;
                told.add(after.name());
                switch (after) {
                    case NOTHING -> {
                    }
                    case REBOOT -> world.reboot();
                    case JOBS_END -> world.jobsEnd();
                }
            }
            apply(wanted, NEVER);
            converged();
            nothingIsLost(disks, overlays);
            return first;
        }

        private Plan plan(Fleet fleet) {
            return Planner.converge(fleet, world.observe(), Changes.host());
        }

        private int apply(Fleet fleet, int survives) {
            Plan plan = plan(fleet);
            assertFalse(plan.isRefused(), () -> told + " " + plan.problems());
            plan.actions()
                    .stream()
                    .filter(change -> change.disruption() == Disruption.RECREATE
                            || change.disruption() == Disruption.DESTROY)
                    .map(MachineChange::machine)
                    .forEach(mayLoseOverlay::add);
            CrashingDriver driver = new CrashingDriver(world, Changes.host().driver(), survives);
            Ledger ledger = new Executor(new Executor.Surroundings(driver, () -> new ByteSize(Long.MAX_VALUE), _ -> {},
                    _ -> {}, List.of(Duration.ofMillis(1))), plan, JobEnds.in(plan, _ -> true)).execute();
            told.addAll(driver.changes());
            told.add(driver.isDead() ? "crash" : "end");
            assertEquals(List.of(), driver.wrongs(), told::toString);
            assertTrue(driver.isDead() || ledger.isClean(), () -> told + " " + ledger);
            return driver.changes().size();
        }

        private void converged() {
            assertEquals(List.of(), plan(wanted).actions(), told::toString);
            assertEquals(services(), world.vmms.keySet(), told::toString);
            assertEquals(wanted.machines().keySet(), world.folders.keySet(), told::toString);
            wanted.machines().forEach((name, machine) -> {
                if (machine.spec().isJob()) {
                    assertEquals(machine.spec().workload(),
                            world.done.getOrDefault(name, List.of(Workload.NONE)).getLast(), told::toString);
                    return;
                }
                Vmm vmm = Objects.requireNonNull(world.vmms.get(name));
                MachineSpec spec = machine.spec();
                assertTrue(vmm.ready(), told::toString);
                assertEquals(spec.resources().memory().limit(), vmm.memory(), told::toString);
                assertEquals(spec.resources().cpus().limit().vcpus(), vmm.vcpus(), told::toString);
                assertEquals(spec.workload(), vmm.spec().workload(), told::toString);
                assertEquals(Set.copyOf(spec.network().ports()), Set.copyOf(vmm.spec().network().ports()),
                        told::toString);
                spec.resources()
                        .persistentDisks()
                        .forEach((disk, size) -> assertEquals(size,
                                Objects.requireNonNull(Objects.requireNonNull(world.disks.get(name)).get(disk)).size(),
                                told::toString));
            });
        }

        private Set<String> services() {
            return wanted.machines()
                    .keySet()
                    .stream()
                    .filter(name -> !Objects.requireNonNull(wanted.machines().get(name)).spec().isJob())
                    .collect(Collectors.toSet());
        }

        /** Persistent disks are those that were; an overlay goes only with what was announced to make its machine anew. */
        private void nothingIsLost(SortedMap<String, SortedMap<DiskKey, Integer>> disks,
                SortedMap<String, Disk> overlays) {
            SortedMap<String, SortedMap<DiskKey, Integer>> now = numbers();
            disks.forEach((machine, all) -> all.forEach((disk, number) -> assertEquals(number,
                    now.getOrDefault(machine, new TreeMap<>()).get(disk), () -> machine + " " + disk + " " + told)));
            overlays.forEach((machine, overlay) -> assertTrue(mayLoseOverlay.contains(machine)
                    || overlay.number() == Objects.requireNonNull(world.overlays.get(machine)).number(),
                    () -> machine + " " + told));
        }

        private SortedMap<String, SortedMap<DiskKey, Integer>> numbers() {
            SortedMap<String, SortedMap<DiskKey, Integer>> numbers = new TreeMap<>();
            for (Map.Entry<String, SortedMap<DiskKey, Disk>> machine : world.disks.entrySet()) {
                machine.getValue()
                        .forEach((disk, there) -> numbers.computeIfAbsent(machine.getKey(),
                                _ -> new TreeMap<>()).put(disk, there.number()));
            }
            return numbers;
        }
    }
}
