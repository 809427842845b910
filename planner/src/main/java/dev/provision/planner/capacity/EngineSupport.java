package dev.provision.planner.capacity;

import java.util.LinkedHashMap;
import java.util.Map;

import dev.provision.schema.diagnostics.Code;
import dev.provision.schema.diagnostics.Diagnostic;
import dev.provision.schema.diagnostics.Problems;
import dev.provision.schema.fleet.CpuPlacement;
import dev.provision.schema.fleet.FleetMachine;
import dev.provision.schema.fleet.MachineSpec;
import dev.provision.schema.fleet.Resources;
import dev.provision.schema.units.Durations;

/**
 * What the manifest language can say and the engine cannot do yet. What a machine could not work without is refused; bounds
 * that merely do not bind yet are warned of. Nothing is ignored in silence.
 */
final class EngineSupport {

    /** QEMU's microVM has 24 slots for devices; what every machine has, and what is to come, takes eight. */
    private static final int MOST_DISKS = 16;

    private EngineSupport() {}

    static void check(FleetMachine machine, Problems problems) {
        missing(machine.spec()).forEach((path, what) -> problems.add(Diagnostic
                .error(Code.NOT_SUPPORTED, machine.origin().at(path.split("\\.")),
                        "`" + machine.entry() + "` asks for " + what + ", which this version cannot give a machine yet")
                .why("the manifest is right; a machine without it would not be what it says")
                .fix("remove it for now")));
        machine.spec()
                .lifecycle()
                .ttl()
                .ifPresent(ttl -> problems.add(Diagnostic
                        .warning(Code.LIMIT_NOT_ENFORCED, machine.origin().at("ttl"),
                                "nothing ends the machine after " + Durations.format(ttl) + " yet")
                        .why("the time is recorded, but no apply looks at it")));
        unbound(machine.spec().resources()).forEach((path, what) -> problems.add(Diagnostic
                .warning(Code.LIMIT_NOT_ENFORCED, machine.origin().at(("resources." + path).split("\\.")), what)
                .why("it is recorded, and admission counts requests; the host does not enforce it yet")));
    }

    /** What the machine asks for in vain, by the path of its key. */
    static Map<String, String> missing(MachineSpec spec) {
        Map<String, String> missing = new LinkedHashMap<>();
        Resources resources = spec.resources();
        if (resources.disks().size() > MOST_DISKS) {
            missing.put("resources.disks", resources.disks().size() + " named disks (" + MOST_DISKS + " at most)");
        }
        resources.gpu().ifPresent(gpu -> missing.put("resources.gpu", "a GPU (" + gpu + ")"));
        if (!resources.devices().isEmpty()) {
            missing.put("resources.devices", "host devices");
        }
        if (!spec.volumes().isEmpty()) {
            missing.put("volumes", "volumes");
        }
        if (!spec.network().fleetNetworks().isEmpty()) {
            missing.put("networks", "fleet networks");
        }
        return missing;
    }

    private static Map<String, String> unbound(Resources resources) {
        Map<String, String> unbound = new LinkedHashMap<>();
        if (!resources.cpus().limit().isWhole()) {
            unbound.put("cpus.limit", "a limit of " + resources.cpus().limit()
                    + " CPUs does not bind yet: the machine may use " + resources.cpus().limit().vcpus());
        }
        resources.placement()
                .cpuset()
                .ifPresent(set -> unbound.put("cpuset", "the vCPUs are not pinned to " + set + " yet"));
        if (resources.placement().shares() != CpuPlacement.STANDARD_SHARES) {
            unbound.put("shares", "the weight of " + resources.placement().shares() + " does not count yet");
        }
        resources.memory()
                .hard()
                .ifPresent(hard -> unbound.put("memory.hard", "a hard limit of " + hard + " does not bind yet"));
        if (!resources.swap()) {
            unbound.put("swap", "`swap: false` does not keep the host from swapping yet");
        }
        return unbound;
    }
}
