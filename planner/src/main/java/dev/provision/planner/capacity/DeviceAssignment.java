package dev.provision.planner.capacity;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

import dev.provision.planner.host.DeviceAddress;
import dev.provision.planner.host.DeviceInventory;
import dev.provision.planner.host.DriverCapabilities.Lack;
import dev.provision.planner.host.DriverDeclaration;
import dev.provision.planner.host.HostDevice;
import dev.provision.schema.diagnostics.Code;
import dev.provision.schema.diagnostics.Diagnostic;
import dev.provision.schema.diagnostics.Problems;
import dev.provision.schema.fleet.MachineSpec;

/**
 * Which devices of the host each machine gets. A machine keeps those that it has as long as it asks for them; the rest goes to
 * those first that leave least open. A device is in one machine at a time, and all of an IOMMU group are: its members can
 * write to each other's memory (Linux, Documentation/driver-api/vfio.rst).
 */
public final class DeviceAssignment {

    /**
     * A machine that is about to start.
     *
     * @param had
     *            what it was given before
     * @param running
     *            it has that until it stops: nobody else can start with it before
     */
    public record Taker(Claim claim, List<DeviceAddress> had, boolean running) {
        public Taker {
            had = List.copyOf(had);
        }
    }

    /** Said where batch jobs ask for more devices than there are. */
    static final String NO_TURNS = "batch jobs take no turns on devices: each keeps its own until it is destroyed";

    private final DeviceInventory inventory;
    private final Map<DeviceAddress, String> holders;
    private final Map<String, List<DeviceWant>> wants = new HashMap<>();
    private final Map<String, Map<Integer, DeviceAddress>> given = new HashMap<>();

    private DeviceAssignment(DeviceInventory inventory, Map<DeviceAddress, String> holders) {
        this.inventory = inventory;
        this.holders = new HashMap<>(holders);
    }

    /**
     * What each of the takers gets, in the order of its requests; what cannot be given is reported.
     *
     * @param fixed
     *            devices that machines of the fleet have and keep, by who has them
     * @param driver
     *            what it cannot give has been refused, and is not looked for
     */
    public static SortedMap<String, List<DeviceAddress>> of(Collection<Taker> takers,
            Map<DeviceAddress, String> fixed, DeviceInventory inventory, DriverDeclaration driver,
            Problems problems) {
        DeviceAssignment assignment = new DeviceAssignment(inventory, fixed);
        for (Taker taker : takers) {
            String name = taker.claim().name();
            assignment.given.put(name, new TreeMap<>());
            MachineSpec spec = taker.claim().spec();
            assignment.wants.put(name,
                    DeviceWant.of(spec.resources(), inventory.names(), driver.choose(spec).capabilities()));
        }
        takers.forEach(assignment::keep);
        takers.stream()
                .filter(Taker::running)
                .forEach(taker -> taker.had()
                        .forEach(device -> assignment.holders.putIfAbsent(device, taker.claim().name())));
        for (DeviceWant.Choice choice : DeviceWant.Choice.values()) {
            takers.forEach(taker -> assignment.give(taker.claim(), choice, problems));
        }
        SortedMap<String, List<DeviceAddress>> result = new TreeMap<>();
        assignment.given.forEach((name, devices) -> result.put(name, List.copyOf(devices.values())));
        return result;
    }

    private void keep(Taker taker) {
        String name = taker.claim().name();
        List<DeviceWant> asked = wants.getOrDefault(name, List.of());
        for (DeviceWant.Choice choice : DeviceWant.Choice.values()) {
            for (int i = 0; i < asked.size(); i++) {
                DeviceWant want = asked.get(i);
                if (want.choice() == choice) {
                    int place = i;
                    taker.had()
                            .stream()
                            .flatMap(address -> inventory.at(address).stream())
                            .filter(want.fits())
                            .filter(device -> refusal(name, want, device).isEmpty())
                            .findFirst()
                            .ifPresent(device -> take(name, place, device));
                }
            }
        }
    }

    private void take(String machine, int place, HostDevice device) {
        holders.put(device.address(), machine);
        given.computeIfAbsent(machine, _ -> new TreeMap<>()).put(place, device.address());
    }

    private void give(Claim claim, DeviceWant.Choice choice, Problems problems) {
        List<DeviceWant> asked = wants.getOrDefault(claim.name(), List.of());
        Map<Integer, DeviceAddress> has = given.getOrDefault(claim.name(), Map.of());
        for (int i = 0; i < asked.size(); i++) {
            DeviceWant want = asked.get(i);
            if (want.choice() == choice && !has.containsKey(i)) {
                List<HostDevice> fitting = inventory.devices().stream().filter(want.fits()).toList();
                Optional<HostDevice> best = fitting.stream()
                        .filter(device -> refusal(claim.name(), want, device).isEmpty())
                        .min(Comparator.comparingInt((HostDevice device) -> distance(claim.name(), device))
                                .thenComparing(HostDevice::address));
                if (best.isPresent()) {
                    take(claim.name(), i, best.get());
                } else {
                    problems.add(problem(claim, want, fitting));
                }
            }
        }
    }

    /** Groups that the machine has a part of come first, then devices that are alone in theirs. */
    private int distance(String machine, HostDevice device) {
        if (device.companions().isEmpty()) {
            return 1;
        }
        return device.companions().stream().anyMatch(other -> machine.equals(holders.get(other))) ? 0 : 2;
    }

    /** Why the machine cannot have it; empty when it can. */
    private Optional<Lack> refusal(String machine, DeviceWant want, HostDevice device) {
        String holder = holders.get(device.address());
        if (holder != null) {
            return Optional.of(new Lack("`" + holder + "` has it",
                    "ask for one device less; or, if that machine is to let go of it, apply to it alone first: --target "
                            + holder));
        }
        if (device.holder().isPresent()) {
            return Optional.of(new Lack("machine " + device.holder().get() + " of another fleet has it",
                    "destroy that machine, or take the device out of its manifest and apply that"));
        }
        if (device.unusable().isPresent()) {
            return device.unusable();
        }
        if (device.driver().isPresent() && !want.isByAddress()) {
            return Optional.of(new Lack("the host uses it by its driver " + device.driver().get(),
                    "name the device by its address (" + device.address()
                            + "), which lets it be taken from the host, or bind it to vfio-pci"));
        }
        return companion(machine, device);
    }

    private Optional<Lack> companion(String machine, HostDevice device) {
        Set<String> asked = new HashSet<>();
        wants.getOrDefault(machine, List.of())
                .stream()
                .filter(DeviceWant::isByAddress)
                .forEach(want -> inventory.devices()
                        .stream()
                        .filter(want.fits())
                        .forEach(own -> asked.add(own.address().text())));
        for (DeviceAddress address : device.companions()) {
            Optional<HostDevice> other = inventory.at(address);
            Optional<String> taker = Optional.ofNullable(holders.get(address))
                    .filter(name -> !name.equals(machine))
                    .or(() -> other.flatMap(HostDevice::holder));
            if (taker.isPresent()) {
                return Optional
                        .of(new Lack("`" + taker.get() + "` has " + address + ", which is in the same IOMMU group",
                                "give the whole group to one machine"));
            }
            Optional<String> driver = other.flatMap(HostDevice::driver);
            if (driver.isPresent() && !asked.contains(address.text())) {
                return Optional.of(new Lack(
                        "the host uses " + address + " of the same IOMMU group by its driver " + driver.get(),
                        "give the machine that device too, by its address, or take it from the host's driver"));
            }
        }
        return Optional.empty();
    }

    private Diagnostic problem(Claim claim, DeviceWant want, List<HostDevice> fitting) {
        String what = "`" + claim.entry() + "` asks for " + want.text() + ", which this host cannot give it";
        Diagnostic problem = claim.error(Code.DEVICE_UNAVAILABLE, what, want.path().toArray(String[]::new));
        if (fitting.isEmpty()) {
            return problem.why("there is no such device here")
                    .fix("name one that is there: `provision doctor` lists what machines can take over, `lspci -nn` all");
        }
        List<String> reasons = new ArrayList<>();
        String fix = "";
        for (HostDevice device : fitting) {
            Optional<Lack> refusal = refusal(claim.name(), want, device);
            if (refusal.isPresent()) {
                reasons.add(device.address() + ": " + refusal.get().why());
                fix = fix.isEmpty() ? refusal.get().fix() : fix;
            }
        }
        String more = reasons.size() > 3 ? "; and " + (reasons.size() - 3) + " more like these" : "";
        String jobs = claim.spec().isJob() ? "; " + NO_TURNS : "";
        return problem.why(String.join("; ", reasons.stream().limit(3).toList()) + more + jobs).fix(fix);
    }
}
