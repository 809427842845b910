package dev.provision.planner.plan;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

import dev.provision.planner.capacity.CapacityCheck;
import dev.provision.planner.capacity.Claim;
import dev.provision.planner.capacity.EngineSupport;
import dev.provision.planner.capacity.ResourcePool;
import dev.provision.planner.diff.Disruption;
import dev.provision.planner.host.Accelerator;
import dev.provision.planner.host.AcceleratorChoice;
import dev.provision.planner.host.DriverDeclaration;
import dev.provision.planner.host.HostCapacity;
import dev.provision.planner.observed.ObservedFleet;
import dev.provision.planner.observed.ObservedMachine;
import dev.provision.planner.schedule.Estimates;
import dev.provision.schema.diagnostics.Code;
import dev.provision.schema.diagnostics.Diagnostic;
import dev.provision.schema.diagnostics.Problems;
import dev.provision.schema.diagnostics.Suggestion;
import dev.provision.schema.fleet.CanonicalForm;
import dev.provision.schema.fleet.DiskKey;
import dev.provision.schema.fleet.Fleet;
import dev.provision.schema.fleet.FleetMachine;
import dev.provision.schema.fleet.HostPolicy;
import dev.provision.schema.fleet.MachineSpec;

/** From what is wanted and what is there to a plan. Pure: same arguments, same plan. */
public final class Planner {

    /**
     * What the planner knows of the host.
     *
     * @param images
     *            names of the images that can be booted
     * @param buildable
     *            names of images that are made before the first machine boots, where they are missing
     * @param estimates
     *            how long boots and jobs take here
     * @param driver
     *            what the driver can do here
     * @param imageDigests
     *            digests of images by name, as far as they can be read
     */
    public record Host(HostCapacity capacity, AcceleratorChoice accelerator, Set<String> images, Set<String> buildable,
            Estimates estimates, DriverDeclaration driver, Map<String, String> imageDigests) {
        public Host {
            images = Set.copyOf(images);
            buildable = Set.copyOf(buildable);
            imageDigests = Map.copyOf(imageDigests);
        }
    }

    private Planner() {}

    /** The plan that makes {@code observed} what {@code written} wants. */
    public static Plan converge(Fleet written, ObservedFleet observed, Host host) {
        return converge(written, observed, host, Scope.ALL);
    }

    /** The plan that makes of {@code observed} what {@code written} wants, as far as {@code scope} reaches. */
    public static Plan converge(Fleet written, ObservedFleet observed, Host host, Scope scope) {
        Fleet fleet = Addressing.of(KeptDefaults.in(written, observed, CanonicalForm.CURRENT), observed);
        Problems problems = new Problems();
        Accelerator accelerator = host.accelerator().accelerator();
        ResourcePool pool = ResourcePool.of(fleet.policy(), host.capacity(), observed, accelerator);
        Convergence convergence = new Convergence(written, fleet, observed, host, scope, problems);
        List<MachineChange> all = convergence.all();
        Set<String> reached = convergence.reached(all);
        convergence.checkReplaced(reached, problems);
        List<MachineChange> changes = PortMoves.arranged(Convergence.within(reached, all));
        SortedMap<String, FleetMachine> inScope = new TreeMap<>(fleet.machines());
        inScope.keySet().retainAll(reached);
        inScope.keySet().removeAll(scope.heldBack());
        SortedMap<String, FleetMachine> effective = effective(fleet, observed);
        AddressClashes.check(effective, problems);
        effective.keySet().retainAll(reached);
        effective.values()
                .forEach(machine -> EngineSupport.check(machine,
                        host.driver().choose(machine.spec()).capabilities(), problems));
        effective.values().forEach(machine -> checkMachine(machine, observed, host, problems));
        CapacityCheck.run(claims(changes, inScope), left(changes), fleet.policy(), observed, host.capacity(),
                accelerator, pool,
                problems);
        List<MachineChange> equipped = DeviceSteps.arranged(changes, inScope, observed, host, problems);
        changes.forEach(change -> Protection.check(change, Optional.ofNullable(fleet.machines().get(change.machine())),
                observed, convergence.isReplaced(change.machine()), problems));
        UnfinishedJobs.check(changes, fleet, observed, problems);
        return Plan.of(fleet.name(), host.accelerator(), pool, equipped, host, problems);
    }

    /**
     * The plan that lets the records of {@code observed} take what is really there, and touches no machine.
     *
     * @param fleet
     *            what the scope's selectors speak of
     */
    public static Plan refresh(Fleet fleet, ObservedFleet observed, Host host, Scope scope) {
        Problems problems = new Problems();
        Set<String> targets = new Targets(fleet, observed).named(scope.targets(), "--target", problems);
        List<MachineChange> all = new Refresh(observed, host).changes();
        List<MachineChange> changes = targets.isEmpty() ? all : Convergence.within(targets, all);
        ResourcePool pool = ResourcePool.of(HostPolicy.DEFAULT, host.capacity(), observed,
                host.accelerator().accelerator());
        return Plan.of(observed.fleet(), host.accelerator(), pool, changes, host, problems).with(true);
    }

    /**
     * What will run.
     *
     * @param written
     *            the machines that the plan is about; whatever else runs on beside them does so as it is
     */
    private static List<Claim> claims(List<MachineChange> changes, Map<String, FleetMachine> written) {
        return changes.stream()
                .filter(MachineChange::runsAfterwards)
                .flatMap(change -> change.wanted()
                        .map(spec -> new Claim(spec, Optional.ofNullable(written.get(change.machine()))))
                        .stream())
                .toList();
    }

    /** What machines of a fleet will be: less the changes that the manifest has those that are there ignore. */
    public static List<MachineSpec> wanted(Fleet written, ObservedFleet observed) {
        return effective(written, observed).values().stream().map(FleetMachine::spec).toList();
    }

    private static SortedMap<String, FleetMachine> effective(Fleet fleet, ObservedFleet observed) {
        SortedMap<String, FleetMachine> effective = new TreeMap<>(fleet.machines());
        effective.replaceAll((name, machine) -> {
            ObservedMachine there = observed.machines().get(name);
            return there == null ? machine
                    : new FleetMachine(machine.entry(), ChangePlanner.effective(machine.spec(), there),
                            machine.origin());
        });
        return effective;
    }

    /** Names of machines that stay as they are. */
    static Set<String> left(List<MachineChange> changes) {
        return changes.stream()
                .filter(change -> change.disruption() == Disruption.KEEP)
                .map(MachineChange::machine)
                .collect(Collectors.toSet());
    }

    /**
     * The plan that takes machines of {@code observed} away.
     *
     * @param targets
     *            their names; empty: all of them
     * @param withStorage
     *            their storage goes too, also what machines left that are gone already
     */
    public static Plan destroy(ObservedFleet observed, Set<String> targets, boolean withStorage, Host host) {
        SortedSet<String> names = new TreeSet<>(observed.machines().keySet());
        if (withStorage) {
            names.addAll(observed.storageKept().keySet());
        }
        if (!targets.isEmpty()) {
            names.retainAll(targets);
        }
        List<MachineChange> changes = names.stream()
                .map(name -> ChangePlanner.goes(name, Optional.ofNullable(observed.machines().get(name)), withStorage))
                .toList();
        Problems problems = new Problems();
        changes.forEach(change -> Protection.check(change, Optional.empty(), observed, false, problems));
        ResourcePool pool = ResourcePool.of(HostPolicy.DEFAULT, host.capacity(), observed,
                host.accelerator().accelerator());
        return Plan.of(observed.fleet(), host.accelerator(), pool, changes, host, problems);
    }

    /**
     * @param machine
     *            as it will be
     */
    private static void checkMachine(FleetMachine machine, ObservedFleet observed, Host host, Problems problems) {
        MachineSpec spec = machine.spec();
        SortedSet<String> known = new TreeSet<>(host.images());
        known.addAll(host.buildable());
        if (!known.contains(spec.image())) {
            problems.add(Diagnostic
                    .error(Code.UNKNOWN_IMAGE, machine.origin().at("image"),
                            "there is no image `" + spec.image() + "` on this host")
                    .fix(Suggestion.text(spec.image(), known, "use one of " + String.join(", ", known))));
        }
        checkStorage(machine, observed, problems);
    }

    private static void checkStorage(FleetMachine machine, ObservedFleet observed, Problems problems) {
        ObservedMachine there = observed.machines().get(machine.spec().name());
        MachineSpec wanted = machine.spec();
        SortedMap<DiskKey, Diagnostic> found = StorageCheck.shrinking(wanted, observed);
        if (there != null) {
            found.putAll(StorageCheck.missing(wanted, there, observed));
        }
        found.forEach((disk, problem) -> problems
                .add(problem.at(machine.origin().at(("resources." + disk).split("\\.")))));
    }
}
