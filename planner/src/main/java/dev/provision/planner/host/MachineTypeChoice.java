package dev.provision.planner.host;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.provision.schema.fleet.MachineSpec;
import dev.provision.schema.fleet.MemoryRange;
import dev.provision.schema.fleet.Resources;
import dev.provision.schema.units.ByteSize;

/**
 * The machine type that a machine boots on, and why. Planner and driver ask the same function, so what a plan says is what is
 * booted.
 *
 * @param capabilities
 *            of machines of that type here
 * @param met
 *            the machine's needs that the type meets
 * @param reason
 *            a clause without a full stop
 */
public record MachineTypeChoice(DriverCapabilities capabilities, Set<Need> met, String reason) {

    /** A page has 4 KiB and its {@code struct page} 64 bytes (Linux, mm_types.h). */
    private static final int PAGE_PER_STRUCT = 64;

    public MachineTypeChoice {
        met = Set.copyOf(met);
    }

    /** The first type that meets the most of what {@code spec} needs. */
    static MachineTypeChoice of(MachineSpec spec, List<Bootable> types) {
        Map<Need, String> needs = needs(spec.resources());
        Bootable best = types.getFirst();
        for (Bootable type : types) {
            if (met(needs, type).size() > met(needs, best).size()) {
                best = type;
            }
        }
        Map<Need, String> met = met(needs, best);
        return new MachineTypeChoice(best.capabilities(), met.keySet(),
                met.isEmpty() ? "the default" : String.join("; ", met.values()));
    }

    private static Map<Need, String> met(Map<Need, String> needs, Bootable type) {
        Map<Need, String> met = new EnumMap<>(Need.class);
        met.putAll(needs);
        met.keySet().retainAll(type.meets());
        return met;
    }

    /** By what the manifest says: each with its reason. */
    private static Map<Need, String> needs(Resources resources) {
        Map<Need, String> needs = new EnumMap<>(Need.class);
        if (resources.cpus().hotplug()) {
            needs.put(Need.PLUG_VCPUS, "`cpus.hotplug` has vCPUs plugged in while it runs");
        }
        if (resources.memory().plugs()) {
            needs.put(Need.PLUG_MEMORY, plugs(resources.memory()));
        }
        if (resources.takesDevices()) {
            needs.put(Need.PCI, "the host's devices need PCI");
        }
        return needs;
    }

    private static String plugs(MemoryRange memory) {
        if (memory.hotplug().isPresent()) {
            return "`memory.hotplug` has memory plugged in while it runs";
        }
        ByteSize structs = ByteSize.ofMib(new ByteSize(memory.max().bytes() / PAGE_PER_STRUCT).mib());
        return "`memory.max` of " + memory.max() + " is more than " + MemoryRange.MOST_BALLOON + " times the limit of "
                + memory.limit() + ": with a balloon the guest's kernel would keep " + structs
                + " of the limit for tables, and take long to inflate it, so memory is plugged in while it runs";
    }

    /** Memory beyond the limit is plugged in. */
    public boolean plugsMemory() {
        return met.contains(Need.PLUG_MEMORY);
    }

    /** vCPUs beyond the limit are plugged in. */
    public boolean plugsVcpus() {
        return met.contains(Need.PLUG_VCPUS);
    }

    /** What the plan says of it. */
    public BootsOn bootsOn() {
        return new BootsOn(capabilities.machineType(), reason, met.isEmpty());
    }
}
