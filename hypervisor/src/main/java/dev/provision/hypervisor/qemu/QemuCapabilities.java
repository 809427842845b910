package dev.provision.hypervisor.qemu;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import dev.provision.hypervisor.qemu.commandline.MachineType;
import dev.provision.planner.host.Accelerator;
import dev.provision.planner.host.Bootable;
import dev.provision.planner.host.DriverCapabilities;
import dev.provision.planner.host.DriverCapabilities.Attachment;
import dev.provision.planner.host.DriverCapabilities.Lack;
import dev.provision.planner.host.DriverCapabilities.Limit;
import dev.provision.planner.host.DriverCapabilities.LiveChange;
import dev.provision.planner.host.DriverDeclaration;
import dev.provision.planner.host.Need;

/** What QEMU's machine types and accelerators can do, as this driver uses them. */
final class QemuCapabilities {

    /** The microVM has 24 slots for devices, q35 has 30; what every machine has, and what is to come, takes eight. */
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
        Set<Limit> enforced = confinement.enforced();
        List<DriverCapabilities> others = new ArrayList<>();
        for (MachineType type : MachineType.values()) {
            for (Accelerator each : Accelerator.values()) {
                if (!machineType.choices().contains(type) || each != accelerator) {
                    others.add(of(type, each, enforced, noVolumes));
                }
            }
        }
        List<Bootable> types = machineType.choices()
                .stream()
                .map(type -> new Bootable(of(type, accelerator, enforced, noVolumes), type.meets()))
                .toList();
        return new DriverDeclaration(types, others);
    }

    private static DriverCapabilities of(MachineType machineType, Accelerator accelerator, Set<Limit> enforced,
            Optional<Lack> noVolumes) {
        return new DriverCapabilities(machineType.qemuName(), accelerator, live(machineType), enforced,
                Confinement.obstacle(enforced),
                noVolumes.isPresent() ? Set.of() : Set.of(Attachment.VOLUMES),
                noVolumes.map(lack -> Map.of(Attachment.VOLUMES, lack)).orElse(Map.of()), MOST_DISKS);
    }

    /**
     * What can be plugged in, {@link MachineType#meets} says. The guest's agent brings vCPUs that are there on and off line,
     * whatever runs them. virtio-balloon takes from {@code -m} and never exceeds it. block_resize tells every virtio-blk device
     * of its new length.
     */
    private static Set<LiveChange> live(MachineType machineType) {
        Set<LiveChange> live = EnumSet.of(LiveChange.SWITCH_VCPUS, LiveChange.BALLOON, LiveChange.PORTS, LiveChange.SHM,
                LiveChange.GROW_DISKS);
        for (Need need : machineType.meets()) {
            switch (need) {
                case PLUG_VCPUS -> live.add(LiveChange.ADD_VCPUS);
                case PLUG_MEMORY -> live.add(LiveChange.ADD_MEMORY);
                case PCI -> {
                }
            }
        }
        return live;
    }
}
