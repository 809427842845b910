package dev.provision.planner.plan;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.stream.Collectors;

import dev.provision.planner.capacity.Claim;
import dev.provision.planner.capacity.DeviceAssignment;
import dev.provision.planner.capacity.DeviceAssignment.Taker;
import dev.provision.planner.diff.Disruption;
import dev.provision.planner.host.DeviceAddress;
import dev.provision.planner.host.DeviceInventory;
import dev.provision.planner.host.GivenDevices;
import dev.provision.planner.host.HostDevice;
import dev.provision.planner.observed.ObservedFleet;
import dev.provision.planner.observed.ObservedMachine;
import dev.provision.schema.diagnostics.Code;
import dev.provision.schema.diagnostics.Diagnostic;
import dev.provision.schema.diagnostics.Problems;
import dev.provision.schema.fleet.FleetMachine;
import dev.provision.schema.fleet.MachineSpec;

/** Gives devices of the host to machines that boot: each by a step before its start, and a note that says what it means. */
final class DeviceSteps {

    private final Map<String, FleetMachine> written;
    private final ObservedFleet observed;
    private final Planner.Host host;

    private DeviceSteps(Map<String, FleetMachine> written, ObservedFleet observed, Planner.Host host) {
        this.written = written;
        this.observed = observed;
        this.host = host;
    }

    /**
     * The same changes, with what they need for their devices.
     *
     * @param written
     *            the machines that the plan is about, as the manifest has them
     */
    static List<MachineChange> arranged(List<MachineChange> changes, Map<String, FleetMachine> written,
            ObservedFleet observed, Planner.Host host, Problems problems) {
        DeviceSteps steps = new DeviceSteps(written, observed, host);
        List<MachineChange> starting = changes.stream()
                .filter(DeviceSteps::isSpawned)
                .filter(change -> steps.concerns(change))
                .toList();
        if (starting.isEmpty()) {
            return changes;
        }
        SortedMap<String, List<DeviceAddress>> given = DeviceAssignment.of(
                starting.stream().map(steps::taker).toList(), steps.fixed(changes),
                host.capacity().devices(), host.driver(), problems);
        return changes.stream()
                .map(change -> Optional.ofNullable(given.get(change.machine()))
                        .map(devices -> steps.equipped(change, devices))
                        .orElse(change))
                .toList();
    }

    /**
     * Reports what machines that start cannot have any more of what they were given: by their records, or by a plan that was made
     * before.
     */
    static void checkGiven(List<MachineChange> changes, ObservedFleet observed, Planner.Host host, Problems problems) {
        DeviceSteps steps = new DeviceSteps(Map.of(), observed, host);
        DeviceInventory inventory = host.capacity().devices();
        changes.stream().filter(DeviceSteps::isSpawned).forEach(change -> change.wanted().ifPresent(spec -> {
            List<DeviceAddress> given = steps.given(change);
            GivenDevices now = new GivenDevices(given, spec.resources(), inventory);
            given.forEach(device -> now.obstacle(device)
                    .ifPresent(lack -> problems.add(Diagnostic
                            .error(Code.DEVICE_UNAVAILABLE,
                                    "`" + change.machine() + "` has " + device
                                            + " of this host, which cannot be given to it now")
                            .why(lack.why())
                            .fix(lack.fix() + "; or let a plan choose another device: provision apply"))));
        }));
    }

    /** What the machine will start with. */
    private List<DeviceAddress> given(MachineChange change) {
        return change.steps()
                .stream()
                .filter(Step.AssignDevices.class::isInstance)
                .map(step -> ((Step.AssignDevices) step).devices())
                .findFirst()
                .orElse(had(change.machine()));
    }

    /** Its VMM is made, not found. */
    private static boolean isSpawned(MachineChange change) {
        return change.boots() && (!change.running() || change.steps().stream().anyMatch(Step.Stop.class::isInstance));
    }

    private boolean concerns(MachineChange change) {
        return !had(change.machine()).isEmpty()
                || change.wanted().filter(spec -> spec.resources().takesDevices()).isPresent();
    }

    private List<DeviceAddress> had(String machine) {
        return Optional.ofNullable(observed.machines().get(machine)).map(ObservedMachine::devices).orElse(List.of());
    }

    private Taker taker(MachineChange change) {
        MachineSpec spec = change.wanted().orElseThrow();
        return new Taker(new Claim(spec, Optional.ofNullable(written.get(change.machine()))), had(change.machine()),
                change.running());
    }

    /** What machines that stay as they are have. What goes is gone before anything starts. */
    private Map<DeviceAddress, String> fixed(List<MachineChange> changes) {
        Map<DeviceAddress, String> fixed = new HashMap<>();
        changes.stream()
                .filter(change -> !isSpawned(change) && change.disruption() != Disruption.DESTROY)
                .forEach(change -> had(change.machine()).forEach(device -> fixed.put(device, change.machine())));
        return fixed;
    }

    private MachineChange equipped(MachineChange change, List<DeviceAddress> devices) {
        List<Step> steps = new ArrayList<>();
        for (Step step : change.steps()) {
            if (step instanceof Step.Start && !(devices.equals(had(change.machine())) && keepsRecord(change))) {
                steps.add(new Step.AssignDevices(devices));
            }
            steps.add(step);
        }
        List<String> notes = new ArrayList<>(change.notes());
        if (!devices.isEmpty()) {
            notes.add("takes over " + devices.stream().map(this::named).collect(Collectors.joining(", "))
                    + " of the host; all of its memory is pinned for that, and none can be taken back by the balloon");
        }
        return change.doing(steps).noting(notes);
    }

    /** What is made anew has lost what it was given. */
    private static boolean keepsRecord(MachineChange change) {
        return change.steps().stream().noneMatch(Step.Remove.class::isInstance);
    }

    private String named(DeviceAddress address) {
        DeviceInventory inventory = host.capacity().devices();
        return address + inventory.at(address).map(HostDevice::name).map(name -> " (" + name + ")").orElse("");
    }
}
