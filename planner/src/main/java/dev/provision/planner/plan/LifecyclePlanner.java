package dev.provision.planner.plan;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

import dev.provision.planner.capacity.CapacityCheck;
import dev.provision.planner.capacity.Claim;
import dev.provision.planner.capacity.ResourcePool;
import dev.provision.planner.capacity.Share;
import dev.provision.planner.diff.Disruption;
import dev.provision.planner.observed.MachineState;
import dev.provision.planner.observed.ObservedFleet;
import dev.provision.planner.observed.ObservedMachine;
import dev.provision.schema.diagnostics.Code;
import dev.provision.schema.diagnostics.Diagnostic;
import dev.provision.schema.diagnostics.Problems;
import dev.provision.schema.fleet.Condition;
import dev.provision.schema.fleet.HostPolicy;
import dev.provision.schema.fleet.MachineSpec;

/** Plans for {@code start}, {@code stop} and {@code restart}: by the specs that were last applied, without a manifest. */
public final class LifecyclePlanner {

    /** What is asked of the machines. */
    public enum Action {
        START, STOP, RESTART
    }

    private final Action action;
    private final Set<String> names;
    private final ObservedFleet observed;
    private final Problems problems = new Problems();

    private LifecyclePlanner(Action action, Set<String> names, ObservedFleet observed) {
        this.action = action;
        this.names = names;
        this.observed = observed;
    }

    /**
     * The plan for some machines of a fleet; names that are not there are ignored. It is refused when a machine cannot
     * be started for want of a record, of a disk, of a host port or of a volume's folder.
     *
     * @param names
     *            machines to act on
     * @param host
     *            with what is in the way of these machines
     */
    public static Plan plan(Action action, Set<String> names, ObservedFleet observed, Planner.Host host) {
        LifecyclePlanner planner = new LifecyclePlanner(action, names, observed);
        List<MachineChange> changes = planner.inOrder()
                .stream()
                .map(machine -> names.contains(machine.name()) ? planner.change(machine) : keep(machine))
                .toList();
        List<Claim> claims = changes.stream()
                .filter(MachineChange::boots)
                .flatMap(change -> change.wanted().stream())
                .map(spec -> new Claim(spec, Optional.empty()))
                .toList();
        CapacityCheck.startable(claims, Planner.left(changes), observed, host.capacity(), planner.problems);
        DeviceSteps.checkGiven(changes, observed, host, planner.problems);
        return Plan.of(observed.fleet(), host.accelerator(), planner.pool(host), changes, host,
                planner.problems);
    }

    /** Machines without a record, of which nobody knows what they wait for, come first. */
    private List<ObservedMachine> inOrder() {
        SortedMap<String, MachineSpec> specs = new TreeMap<>();
        observed.machines().forEach((name, machine) -> machine.applied().ifPresent(spec -> specs.put(name, spec)));
        List<String> order = BootOrder.of(specs).stream().map(MachineSpec::name).toList();
        SortedMap<String, Integer> places = new TreeMap<>();
        order.forEach(name -> places.put(name, places.size()));
        return observed.machines()
                .values()
                .stream()
                .sorted(Comparator.comparing(machine -> places.getOrDefault(machine.name(), -1)))
                .toList();
    }

    private MachineChange change(ObservedMachine machine) {
        return switch (action) {
            case STOP -> stop(machine);
            case START -> machine.state() instanceof MachineState.Running state && state.ready() ? keep(machine)
                    : up(machine, Disruption.START);
            case RESTART -> up(machine, Disruption.RESTART);
        };
    }

    private static MachineChange stop(ObservedMachine machine) {
        return switch (machine.state()) {
            case MachineState.Stopped stopped -> keep(machine);
            case MachineState.Completed completed -> keep(machine);
            case MachineState.Created created -> keep(machine);
            case MachineState state -> new MachineChange(machine.name(), Disruption.STOP, "", List.of(),
                    List.of(new Step.Stop()), machine.applied(), MachineStates.runs(state), machine.applied());
        };
    }

    private MachineChange up(ObservedMachine machine, Disruption disruption) {
        if (machine.applied().isEmpty()) {
            problems.add(Diagnostic
                    .error(Code.STORE_UNUSABLE, "`" + machine.name() + "` cannot be started: its record is lost")
                    .why("the record says how large it is and what it runs")
                    .fix("make it anew from the manifest: provision apply"));
            return keep(machine);
        }
        MachineSpec spec = machine.applied().get();
        StorageCheck.missing(spec, machine, observed).values().forEach(problems::add);
        return new MachineChange(machine.name(), disruption, "", List.of(), upSteps(machine.state(), spec),
                Optional.of(spec.waitingFor(present(spec.dependsOn()))), MachineStates.runs(machine.state()),
                machine.applied());
    }

    private List<Step> upSteps(MachineState state, MachineSpec spec) {
        List<Step> steps = new ArrayList<>();
        if (state instanceof MachineState.Created) {
            steps.add(new Step.Create(spec));
        } else if (action == Action.RESTART || !goesOn(state)) {
            // A VMM that does not answer has to go before another one can come.
            steps.add(new Step.Stop());
        }
        steps.add(new Step.Start(spec));
        return steps;
    }

    /** What its VMM is at is brought to its end. */
    private static boolean goesOn(MachineState state) {
        return state instanceof MachineState.Running || state instanceof MachineState.Paused;
    }

    /** Nobody can wait for a machine that is not there any more, or is down and stays so: who names one alone wants it up. */
    private SortedMap<String, Condition> present(SortedMap<String, Condition> dependsOn) {
        SortedMap<String, Condition> present = new TreeMap<>(dependsOn);
        present.keySet().removeIf(name -> {
            ObservedMachine there = observed.machines().get(name);
            return there == null || !(names.contains(name) || isThere(there.state()));
        });
        return present;
    }

    private static boolean isThere(MachineState state) {
        return MachineStates.runs(state) || state instanceof MachineState.Completed;
    }

    /**
     * Machines are booted as they were last applied, and then they fitted, perhaps in a pool that the manifest or a flag
     * made larger: nobody waits here for room that this host's own pool does not have.
     */
    private ResourcePool pool(Planner.Host host) {
        ResourcePool ofHost = ResourcePool.of(HostPolicy.DEFAULT, host.capacity(), observed,
                host.accelerator().accelerator());
        Share services = Share.NOTHING;
        Share largestJob = Share.NOTHING;
        for (MachineSpec spec : observed.machines().values().stream().flatMap(m -> m.applied().stream()).toList()) {
            Share share = ofHost.shareOf(spec);
            services = spec.isJob() ? services : services.plus(share);
            largestJob = spec.isJob() ? largestJob.max(share) : largestJob;
        }
        return new ResourcePool(ofHost.size().max(services.plus(largestJob)), ofHost.maxConcurrentBoots(),
                ofHost.origin(), ofHost.overhead(), Optional.empty());
    }

    private static MachineChange keep(ObservedMachine machine) {
        return new MachineChange(machine.name(), Disruption.KEEP, "", List.of(), List.of(), machine.applied(),
                MachineStates.runs(machine.state()), machine.applied());
    }
}
