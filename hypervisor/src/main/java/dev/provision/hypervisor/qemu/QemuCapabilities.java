package dev.provision.hypervisor.qemu;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

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
     * @param devices
     *            tells what this host lacks to give GPUs and other devices to machines with a PCI bus, and without one
     */
    static DriverDeclaration declared(MachineType machineType, Accelerator accelerator, Confinement confinement,
            Optional<Lack> noVolumes, Function<Boolean, Map<Attachment, Lack>> devices) {
        Set<Limit> enforced = EnumSet.copyOf(confinement.enforced());
        enforced.add(Limit.IO); // by QEMU itself
        List<DriverCapabilities> others = new ArrayList<>();
        for (MachineType type : MachineType.values()) {
            for (Accelerator each : Accelerator.values()) {
                if (type != machineType || each != accelerator) {
                    others.add(of(type, each, enforced, lacking(type, noVolumes, devices)));
                }
            }
        }
        return new DriverDeclaration(
                of(machineType, accelerator, enforced, lacking(machineType, noVolumes, devices)), others);
    }

    private static Map<Attachment, Lack> lacking(MachineType machineType, Optional<Lack> noVolumes,
            Function<Boolean, Map<Attachment, Lack>> devices) {
        Map<Attachment, Lack> lacking = new EnumMap<>(Attachment.class);
        lacking.putAll(devices.apply(machineType.hasPci()));
        noVolumes.ifPresent(lack -> lacking.put(Attachment.VOLUMES, lack));
        return lacking;
    }

    private static DriverCapabilities of(MachineType machineType, Accelerator accelerator, Set<Limit> enforced,
            Map<Attachment, Lack> lacking) {
        Set<Attachment> attached = EnumSet.of(Attachment.VOLUMES, Attachment.FLEET_NETWORKS, Attachment.EMULATED_GPU,
                Attachment.GPU,
                Attachment.DEVICES);
        attached.removeAll(lacking.keySet());
        return new DriverCapabilities(machineType.qemuName(), accelerator, live(machineType), enforced,
                Confinement.obstacle(enforced), attached, lacking, MOST_DISKS);
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
