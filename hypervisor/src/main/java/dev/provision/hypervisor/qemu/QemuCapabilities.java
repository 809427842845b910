package dev.provision.hypervisor.qemu;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import dev.provision.hypervisor.qemu.commandline.MachineType;
import dev.provision.planner.host.Accelerator;
import dev.provision.planner.host.DriverCapabilities;
import dev.provision.planner.host.DriverCapabilities.Attachment;
import dev.provision.planner.host.DriverCapabilities.Lack;
import dev.provision.planner.host.DriverCapabilities.Limit;
import dev.provision.planner.host.DriverCapabilities.LiveChange;
import dev.provision.planner.host.DriverDeclaration;

/** What QEMU's machine types and accelerators can do, as this driver uses them. */
final class QemuCapabilities {

    /** The microVM has 24 slots for devices; what every machine has, and what is to come, takes eight. */
    private static final int MOST_DISKS = 16;

    private QemuCapabilities() {}

    /**
     * What machines can have here.
     *
     * @param noVolumes
     *            what this host lacks to serve volumes
     */
    static DriverDeclaration declared(MachineType machineType, Accelerator accelerator, Confinement confinement,
            Optional<Lack> noVolumes) {
        Set<Limit> enforced = EnumSet.copyOf(confinement.enforced());
        enforced.add(Limit.IO); // by QEMU itself
        List<DriverCapabilities> others = new ArrayList<>();
        for (MachineType type : MachineType.values()) {
            for (Accelerator each : Accelerator.values()) {
                if (type != machineType || each != accelerator) {
                    others.add(of(type, each, enforced, noVolumes));
                }
            }
        }
        return new DriverDeclaration(of(machineType, accelerator, enforced, noVolumes), others);
    }

    private static DriverCapabilities of(MachineType machineType, Accelerator accelerator, Set<Limit> enforced,
            Optional<Lack> noVolumes) {
        return new DriverCapabilities(machineType.qemuName(), accelerator, live(machineType), enforced,
                Confinement.obstacle(enforced),
                noVolumes.isPresent() ? Set.of(Attachment.FLEET_NETWORKS)
                        : Set.of(Attachment.FLEET_NETWORKS, Attachment.VOLUMES),
                noVolumes.map(lack -> Map.of(Attachment.VOLUMES, lack)).orElse(Map.of()), MOST_DISKS);
    }

    /**
     * Neither machine type takes vCPUs beyond {@code -smp}: hw/i386/microvm.c sets {@code has_hotpluggable_cpus} to false, and
     * hw/arm/virt.c has no hot-plug of CPUs under any accelerator. The guest's agent brings
     * those that are there on and off line, whatever runs them. virtio-balloon takes from {@code -m} and never exceeds it.
     * block_resize tells every virtio-blk device of its new length.
     */
    private static Set<LiveChange> live(MachineType machineType) {
        return switch (machineType) {
            case MICROVM, VIRT -> Set.of(LiveChange.SWITCH_VCPUS, LiveChange.BALLOON, LiveChange.PORTS, LiveChange.SHM,
                    LiveChange.GROW_DISKS);
        };
    }
}
