package dev.provision.planner.proof;

import java.util.Collection;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import dev.provision.planner.Specs;
import dev.provision.planner.diff.Disruption;
import dev.provision.planner.observed.MachineState;
import dev.provision.planner.observed.ObservedFleet;
import dev.provision.planner.observed.ObservedMachine;
import dev.provision.planner.plan.MachineChange;
import dev.provision.planner.plan.Plan;
import dev.provision.planner.plan.Planner;
import dev.provision.planner.plan.Scope;
import dev.provision.planner.plan.Step;
import dev.provision.schema.diagnostics.Code;
import dev.provision.schema.fleet.FleetLink;
import dev.provision.schema.fleet.FleetMachine;
import dev.provision.schema.fleet.IgnoredChanges;
import dev.provision.schema.fleet.MachineSpec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * What holds for every fleet, everything that could be observed of it and every host. A failure names its seed:
 * {@code -Dproperty.seed=SEED -Dproperty.cases=1} runs that case alone.
 */
class PlannerPropertyTest {

    private static final long SEED = Long.getLong("property.seed", 20_000);
    private static final int CASES = Integer.getInteger("property.cases", 4_000);

    @Test
    void everyPlanLeadsToWhatIsWantedAndTheNextOneIsEmpty() {
        Map<Disruption, Integer> classes = new EnumMap<>(Disruption.class);
        int executed = 0;
        for (long seed = SEED; seed < SEED + CASES; seed++) {
            try {
                executed += check(RandomWorld.of(seed), classes) ? 1 : 0;
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("-Dproperty.seed=" + seed + " -Dproperty.cases=1: " + e.getMessage() + "\n"
                        + RandomWorld.of(seed), e);
            }
        }
        System.out.printf("%,d plans executed, %,d refused; changes: %s%n", executed, CASES - executed, classes);
        assertTrue(CASES < 100 || (executed > CASES / 3 && executed < CASES), "both kinds are needed");
        assertTrue(CASES < 100 || classes.size() == Disruption.values().length, classes::toString);
    }

    /** Returns whether the plan could be executed. */
    private static boolean check(RandomWorld world, Map<Disruption, Integer> classes) {
        Planner.Host host = world.host(world.observed());
        Plan plan = Planner.converge(world.fleet(), world.observed(), host, world.scope());
        assertEquals(plan, Planner.converge(world.fleet(), world.observed(), host, world.scope()));
        coversEverything(world, plan);
        if (plan.isRefused()) {
            assertEquals(List.of(), plan.schedule().bookings());
            return false;
        }
        plan.changes().forEach(change -> classes.merge(change.disruption(), 1, Integer::sum));
        keepsWhatIsProtected(world, plan);
        ModelHost model = new ModelHost(world.observed(), host.driver());
        ModelRun run = new ModelRun(plan, model);
        run.run(host.estimates().runs(), host.estimates().run());
        ScheduleProof.of(plan, host.estimates(), run.skipped()).check();
        assertEquals(warnedOf(plan), run.blockedByJobs(), "warned of, skipped");
        isAsWanted(world, plan, model, run.skipped());
        keepsStorage(world.observed(), model.observe());
        assertTrue(RandomWorld.hugePagesHeld(model.observe()) <= host.capacity().hugePages().pools().getFirst().total()
                || RandomWorld.hugePagesHeld(world.observed()) > host.capacity().hugePages().pools().getFirst().total(),
                "more huge pages than there are");
        staysWithinItsScope(world, plan, model);
        secondPlanIsEmpty(world, model.observe(), run.skipped());
        return true;
    }

    private static void coversEverything(RandomWorld world, Plan plan) {
        Set<String> both = new HashSet<>(world.fleet().machines().keySet());
        both.addAll(world.observed().machines().keySet());
        assertEquals(both.size(), plan.changes().size());
        assertEquals(both, Set.copyOf(plan.changes().stream().map(MachineChange::machine).toList()));
        for (MachineChange change : plan.changes()) {
            assertEquals(change.disruption() == Disruption.KEEP, change.steps().isEmpty(), change.machine());
            assertFalse(change.steps().contains(new Step.Remove(true)), "only `destroy --storage` gives storage up");
        }
    }

    private static Set<String> warnedOf(Plan plan) {
        return plan.problems()
                .stream()
                .filter(problem -> problem.code() == Code.UNREACHABLE_CONDITION)
                .map(problem -> problem.what().split("`", 3)[1])
                .collect(Collectors.toSet());
    }

    private static void isAsWanted(RandomWorld world, Plan plan, ModelHost model, Set<String> skipped) {
        for (MachineChange change : plan.changes()) {
            String name = change.machine();
            if (change.isOutOfScope() || skipped.contains(name)) {
                continue;
            }
            FleetMachine written = world.fleet().machines().get(name);
            if (written == null) {
                assertEquals(null, model.find(name), "not in the manifest");
                continue;
            }
            Optional<MachineSpec> before = Optional.ofNullable(world.observed().machines().get(name))
                    .flatMap(ObservedMachine::applied);
            MachineSpec kept = before.map(spec -> IgnoredChanges.kept(written.spec(), spec)).orElse(written.spec());
            MachineSpec wanted = addressed(kept, change);
            assertEquals(Optional.of(wanted), change.wanted());
            assertEquals(Optional.of(wanted), model.machine(name).applied());
            runsAsWanted(change, wanted, model);
        }
    }

    /** The addresses are the plan's to give. */
    private static MachineSpec addressed(MachineSpec kept, MachineChange change) {
        List<FleetLink> given = change.wanted().orElseThrow().network().fleetNetworks();
        assertEquals(kept.network().networkNames(), given.stream().map(FleetLink::network).toList());
        for (FleetLink link : given) {
            assertEquals(link.address(), link.segment().map(all -> all.members().get(kept.name())), link::toString);
            Collection<String> all = link.segment().orElseThrow().members().values();
            assertEquals(all.size(), new HashSet<>(all).size(), "an address is one machine's");
        }
        return kept.with(kept.network().on(given));
    }

    private static void runsAsWanted(MachineChange change, MachineSpec wanted, ModelHost model) {
        ModelHost.Machine machine = model.machine(change.machine());
        if (machine.state() instanceof MachineState.Completed) {
            assertTrue(wanted.isJob() || !change.boots(), "only a job ends by itself");
            return;
        }
        assertTrue(machine.state() instanceof MachineState.Running, machine::toString);
        MachineState.Running running = (MachineState.Running) machine.state();
        assertTrue(running.ready(), machine::toString);
        assertFalse(wanted.isJob(), "jobs have ended by then");
        MachineSpec guest = machine.guest().orElseThrow();
        assertEquals(wanted.resources().shm(), guest.resources().shm());
        assertEquals(wanted.workload(), guest.workload());
        assertEquals(wanted.image(), guest.image());
        assertEquals(wanted.network().enabled(), guest.network().enabled());
        assertEquals(Set.copyOf(wanted.network().ports()), Set.copyOf(guest.network().ports()));
        assertEquals(wanted.network().fleetNetworks(), guest.network().fleetNetworks());
        assertEquals(wanted.resources().persistentDisks(), guest.resources().persistentDisks());
        assertEquals(wanted.resources().placement(), guest.resources().placement());
        assertEquals(wanted.resources().memory().hugepages(), guest.resources().memory().hugepages());
        assertEquals(wanted.resources().memory().deflateOnOom(), guest.resources().memory().deflateOnOom());
        assertEquals(wanted.resources().memory().hard(), guest.resources().memory().hard());
        assertEquals(wanted.resources().swap(), guest.resources().swap());
        assertEquals(wanted.resources().cpus().limit(), guest.resources().cpus().limit());
        if (!isLeft(change, "memory.limit")) {
            running.memory()
                    .filter(there -> !wanted.resources().memory().takesBack()
                            || there.compareTo(wanted.resources().memory().limit()) < 0)
                    .ifPresent(there -> assertTrue(
                            Math.abs(there.mib() - wanted.resources().memory().limit().mib()) <= 1, there::toString));
        }
        if (!isLeft(change, "cpus.limit")) {
            running.vcpus().ifPresent(there -> assertEquals(wanted.resources().cpus().limit().vcpus(), there));
        }
    }

    /** Drift that this VMM's driver cannot put right. */
    private static boolean isLeft(MachineChange change, String field) {
        return change.fields()
                .stream()
                .anyMatch(found -> found.path().equals(field) && found.disruption() == Disruption.KEEP);
    }

    private static void keepsWhatIsProtected(RandomWorld world, Plan plan) {
        for (MachineChange change : plan.changes()) {
            ObservedMachine there = world.observed().machines().get(change.machine());
            FleetMachine written = world.fleet().machines().get(change.machine());
            boolean isProtected = (written != null && written.spec().lifecycle().protect())
                    || (there != null && there.applied().filter(spec -> spec.lifecycle().protect()).isPresent());
            // In what was never started nothing was written yet.
            if (isProtected && there != null && !(there.state() instanceof MachineState.Created)) {
                assertTrue(change.steps()
                        .stream()
                        .noneMatch(step -> step instanceof Step.Remove || step instanceof Step.DiscardOverlay),
                        change.machine());
            }
        }
    }

    private static void keepsStorage(ObservedFleet before, ObservedFleet after) {
        before.storageKept()
                .forEach((machine, disks) -> disks.forEach((disk, size) -> assertTrue(
                        Objects.requireNonNull(after.keptOf(machine).get(disk)).compareTo(size) >= 0,
                        machine + " " + disk)));
    }

    private static void staysWithinItsScope(RandomWorld world, Plan plan, ModelHost model) {
        Set<String> may = Reach.of(world);
        Set<String> named = Reach.named(world);
        for (MachineChange change : plan.changes()) {
            ObservedMachine before = world.observed().machines().get(change.machine());
            boolean isKept = !world.scope().prune() && !world.fleet().machines().containsKey(change.machine());
            if (isKept || !may.contains(change.machine())) {
                assertTrue(change.steps().isEmpty(), change.machine());
                assertEquals(before, endOfJobAside(before, model.observe().machines().get(change.machine())));
            } else if (!named.contains(change.machine())) {
                assertTrue(change.disruption() == Disruption.KEEP || !isUp(before), change.machine());
            }
        }
    }

    private static boolean isUp(@Nullable ObservedMachine machine) {
        return machine != null && machine.state() instanceof MachineState.Running running && running.ready();
    }

    /** A job that runs ends some time, whoever looks at it. */
    private static @Nullable ObservedMachine endOfJobAside(
            @Nullable ObservedMachine before,
            @Nullable ObservedMachine after) {
        return before != null && after != null && after.state() instanceof MachineState.Completed
                && !(before.state() instanceof MachineState.Completed)
                        ? new ObservedMachine(after.name(), before.state(), after.applied(), after.booted())
                        : after;
    }

    private static void secondPlanIsEmpty(RandomWorld world, ObservedFleet after, Set<String> skipped) {
        Plan second = Planner.converge(world.fleet(), after, world.host(after),
                new Scope(world.scope().targets(), List.of(), world.scope().prune()));
        assertEquals(skipped,
                second.actions().stream().map(MachineChange::machine).collect(Collectors.toSet()),
                "done by the second plan");
        // The only machine that a target named may be gone.
        assertEquals(List.of(),
                second.problems().stream().filter(p -> p.isError() && p.code() != Code.NO_SUCH_TARGET).toList());
        if (skipped.isEmpty() && world.scope().equals(Scope.ALL)) {
            assertEquals(List.of(), Planner.converge(world.fleet(), Specs.converged(world.fleet()), world.host(after))
                    .actions());
        }
    }
}
