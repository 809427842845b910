package dev.provision.planner.capacity;

import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

import dev.provision.planner.host.DriverCapabilities;
import dev.provision.planner.host.DriverCapabilities.Attachment;
import dev.provision.planner.host.DriverCapabilities.Lack;
import dev.provision.planner.host.DriverCapabilities.Limit;
import dev.provision.planner.host.DriverCapabilities.LiveChange;
import dev.provision.schema.diagnostics.Code;
import dev.provision.schema.diagnostics.Diagnostic;
import dev.provision.schema.diagnostics.Problems;
import dev.provision.schema.fleet.CpuPlacement;
import dev.provision.schema.fleet.FleetMachine;
import dev.provision.schema.fleet.GpuRequest;
import dev.provision.schema.fleet.MachineSpec;
import dev.provision.schema.fleet.Resources;

/**
 * What the manifest language can say and the driver does not declare. What a machine could not work without is refused; bounds
 * that merely do not bind yet are warned of. Nothing is ignored in silence.
 */
public final class EngineSupport {

    private static final String VOLUMES = "volumes";
    private static final String GPU = "resources.gpu";
    private static final String DEVICES = "resources.devices";
    private static final String BRIDGED = "networks.[";
    private static final String HUGE_PAGES = "resources.memory.hugepages";
    private static final String PLUGGED_VCPUS = "resources.cpus.hotplug";
    private static final String PLUGGED_MEMORY = "resources.memory.hotplug";

    private EngineSupport() {}

    public static void check(FleetMachine machine, DriverCapabilities driver, Problems problems) {
        missing(machine.spec(), driver)
                .forEach((path, what) -> problems.add(refused(machine, path, what,
                        lack(path, isEmulated(machine.spec().resources()), driver))));
        unbound(machine.spec().resources(), driver).forEach((limit, what) -> problems.add(Diagnostic
                .warning(Code.LIMIT_NOT_ENFORCED, machine.origin().at(path(limit).split("\\.")), what)
                .why(driver.obstacle() + "; it is recorded, and admission counts requests")));
    }

    private static Diagnostic refused(FleetMachine machine, String path, String what, Optional<Lack> lack) {
        String asked = "`" + machine.entry() + "` asks for " + what + ", which ";
        return Diagnostic
                .error(Code.NOT_SUPPORTED, machine.origin().at(path.split("\\.")),
                        asked + (lack.isPresent() ? "this host cannot give a machine"
                                : "this version cannot give a machine yet"))
                .why(lack.map(Lack::why)
                        .orElse("the manifest is right; a machine without it would not be what it says"))
                .fix(lack.map(Lack::fix).orElse("remove it for now"));
    }

    private static Optional<Lack> lack(String path, boolean isEmulated, DriverCapabilities driver) {
        return switch (path) {
            case VOLUMES -> lack(Attachment.VOLUMES, driver);
            case DEVICES -> lack(Attachment.DEVICES, driver);
            case HUGE_PAGES -> lack(Attachment.HUGE_PAGES, driver);
            case GPU -> lack(isEmulated ? Attachment.EMULATED_GPU : Attachment.GPU, driver);
            case PLUGGED_VCPUS -> Optional.of(new Lack("a machine on " + driver.runtime() + " has no vCPU hot-plug",
                    "leave `cpus.hotplug` out: vCPUs up to `cpus.max` then come on line while it runs"));
            case PLUGGED_MEMORY -> Optional.of(new Lack("a machine on " + driver.runtime() + " has no memory hot-plug",
                    "leave `memory.hotplug` out: a balloon then moves its memory up to `memory.max`"));
            case String one when one.startsWith(BRIDGED) -> lack(Attachment.BRIDGES, driver);
            default -> Optional.empty();
        };
    }

    private static Optional<Lack> lack(Attachment attachment, DriverCapabilities driver) {
        return driver.attaches(attachment) ? Optional.empty()
                : Optional.ofNullable(driver.lacking().get(attachment));
    }

    private static boolean isEmulated(Resources resources) {
        return resources.gpu().filter(GpuRequest::isEmulated).isPresent();
    }

    /** What the machine asks for in vain, by the path of its key. */
    static Map<String, String> missing(MachineSpec spec, DriverCapabilities driver) {
        Map<String, String> missing = new LinkedHashMap<>();
        Resources resources = spec.resources();
        if (resources.cpus().hotplug() && !driver.can(LiveChange.ADD_VCPUS)) {
            missing.put(PLUGGED_VCPUS, "vCPUs that are plugged in");
        }
        if (resources.memory().hotplug().orElse(false) && !driver.can(LiveChange.ADD_MEMORY)) {
            missing.put(PLUGGED_MEMORY, "memory that is plugged in");
        }
        if (resources.memory().hugepages().isPresent() && !driver.attaches(Attachment.HUGE_PAGES)) {
            missing.put(HUGE_PAGES, "memory in huge pages");
        }
        if (resources.disks().size() > driver.mostDisks()) {
            missing.put("resources.disks",
                    resources.disks().size() + " named disks (" + driver.mostDisks() + " at most)");
        }
        if (!driver.attaches(isEmulated(resources) ? Attachment.EMULATED_GPU : Attachment.GPU)) {
            resources.gpu().ifPresent(gpu -> missing.put(GPU, "a GPU (" + gpu + ")"));
        }
        if (!resources.devices().isEmpty() && !driver.attaches(Attachment.DEVICES)) {
            missing.put(DEVICES, "host devices");
        } else {
            places(spec, driver)
                    .ifPresent(what -> missing.putIfAbsent(resources.devices().isEmpty() ? GPU : DEVICES, what));
        }
        if (!spec.volumes().isEmpty()) {
            volumes(spec, driver).ifPresent(what -> missing.put(VOLUMES, what));
        }
        if (!spec.network().fleetNetworks().isEmpty()) {
            networks(spec, driver).ifPresent(what -> missing.put("networks", what));
            bridge(spec, driver).ifPresent(place -> missing.put(BRIDGED + place + "]",
                    "a network on a bridge (" + spec.network().fleetNetworks().get(place) + ")"));
        }
        return missing;
    }

    /** Each takes a place among the machine's devices, as a disk does. */
    private static Optional<String> volumes(MachineSpec spec, DriverCapabilities driver) {
        if (!driver.attaches(Attachment.VOLUMES)) {
            return Optional.of("volumes");
        }
        int disks = spec.resources().disks().size();
        int all = disks + spec.volumes().size();
        return all <= driver.mostDisks() || disks > driver.mostDisks() ? Optional.empty()
                : Optional.of(all + " volumes and named disks (" + driver.mostDisks() + " at most)");
    }

    /** Devices of the host take the places that are left. */
    private static Optional<String> places(MachineSpec spec, DriverCapabilities driver) {
        int others = spec.resources().disks().size() + spec.volumes().size() + spec.network().fleetNetworks().size();
        int all = others + DeviceWant.number(spec.resources());
        return all == others || all <= driver.mostDisks() || others > driver.mostDisks() ? Optional.empty()
                : Optional.of(all + " host devices, networks, volumes and named disks (" + driver.mostDisks()
                        + " at most)");
    }

    private static Optional<String> networks(MachineSpec spec, DriverCapabilities driver) {
        if (!driver.attaches(Attachment.FLEET_NETWORKS)) {
            return Optional.of("fleet networks");
        }
        int others = spec.resources().disks().size() + spec.volumes().size();
        int all = others + spec.network().fleetNetworks().size();
        return all <= driver.mostDisks() || others > driver.mostDisks() ? Optional.empty()
                : Optional.of(all + " networks, volumes and named disks (" + driver.mostDisks() + " at most)");
    }

    /** Which of its networks is the first that it asks for in vain. */
    private static Optional<Integer> bridge(MachineSpec spec, DriverCapabilities driver) {
        return driver.attaches(Attachment.BRIDGES) ? Optional.empty()
                : IntStream.range(0, spec.network().fleetNetworks().size())
                        .boxed()
                        .filter(place -> spec.network().fleetNetworks().get(place).bridge().isPresent())
                        .findFirst();
    }

    private static Map<Limit, String> unbound(Resources resources, DriverCapabilities driver) {
        Map<Limit, String> unbound = new EnumMap<>(Limit.class);
        // Whole ones are as many vCPUs: beyond them a machine has its limit only from itself, which its plan need not say.
        if (!resources.cpus().limit().isWhole()) {
            unbound.put(Limit.CPU_LIMIT, "a limit of " + Share.text(resources.cpus().limit())
                    + " cannot bind here: the machine may use " + resources.cpus().limit().vcpus());
        }
        resources.placement()
                .cpuset()
                .ifPresent(set -> unbound.put(Limit.CPUSET, "the vCPUs cannot be pinned to " + set + " here"));
        if (resources.placement().shares() != CpuPlacement.STANDARD_SHARES) {
            unbound.put(Limit.SHARES, "the weight of " + resources.placement().shares() + " cannot count here");
        }
        resources.memory()
                .hard()
                .ifPresent(hard -> unbound.put(Limit.MEMORY_HARD, "a hard limit of " + hard + " cannot bind here"));
        if (!resources.swap()) {
            unbound.put(Limit.NO_SWAP, "`swap: false` cannot keep this host from swapping");
        }
        if (!resources.io().isNone()) {
            unbound.put(Limit.IO, "limits of the disks' traffic cannot bind here");
        }
        unbound.keySet().removeAll(driver.enforced());
        return unbound;
    }

    private static String path(Limit limit) {
        return switch (limit) {
            case CPU_LIMIT -> "resources.cpus.limit";
            case CPUSET -> "resources.cpuset";
            case SHARES -> "resources.shares";
            case MEMORY_HARD -> "resources.memory.hard";
            case NO_SWAP -> "resources.swap";
            case IO -> "resources.io";
        };
    }
}
