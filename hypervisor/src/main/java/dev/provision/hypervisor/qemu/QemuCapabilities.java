package dev.provision.hypervisor.qemu;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

import dev.provision.hypervisor.host.LinuxHugePages;
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

    private static final boolean ON_LINUX = System.getProperty("os.name", "").equals("Linux");

    private QemuCapabilities() {}

    /**
     * What machines can have here.
     *
     * @param noVolumes
     *            what this host lacks to serve volumes
     * @param noBridges
     *            what it lacks to put machines on bridges
     * @param devices
     *            tells what this host lacks to give GPUs and other devices to machines with a PCI bus, and without one
     */
    static DriverDeclaration declared(MachineType machineType, Accelerator accelerator, Confinement confinement,
            Optional<Lack> noVolumes, Optional<Lack> noBridges, Function<Boolean, Map<Attachment, Lack>> devices) {
        // Asked once: it reads of every device that there is.
        Map<Boolean, Map<Attachment, Lack>> lacks = Map.of(true, devices.apply(true), false, devices.apply(false));
        Set<Limit> enforced = EnumSet.copyOf(confinement.enforced());
        enforced.add(Limit.IO); // by QEMU itself
        List<DriverCapabilities> others = new ArrayList<>();
        for (MachineType type : MachineType.values()) {
            for (Accelerator each : Accelerator.values()) {
                if (!machineType.choices().contains(type) || each != accelerator) {
                    others.add(of(type, each, enforced, lacking(type, noVolumes, noBridges, lacks)));
                }
            }
        }
        List<Bootable> types = machineType.choices()
                .stream()
                .map(type -> new Bootable(of(type, accelerator, enforced, lacking(type, noVolumes, noBridges, lacks)),
                        type.meets(ON_LINUX)))
                .toList();
        return new DriverDeclaration(types, others);
    }

    private static Map<Attachment, Lack> lacking(MachineType machineType, Optional<Lack> noVolumes,
            Optional<Lack> noBridges, Map<Boolean, Map<Attachment, Lack>> devices) {
        Map<Attachment, Lack> lacking = new EnumMap<>(Attachment.class);
        lacking.putAll(devices.getOrDefault(machineType.hasPci(), Map.of()));
        noVolumes.ifPresent(lack -> lacking.put(Attachment.VOLUMES, lack));
        noBridges.ifPresent(lack -> lacking.put(Attachment.BRIDGES, lack));
        noHugePages().ifPresent(lack -> lacking.put(Attachment.HUGE_PAGES, lack));
        return lacking;
    }

    /** QEMU takes them by memfd_create(2), which macOS does not have. */
    private static Optional<Lack> noHugePages() {
        if (!ON_LINUX) {
            return Optional.of(new Lack("huge pages are set aside on Linux only", "remove `memory.hugepages`"));
        }
        return LinuxHugePages.ofThisHost().isEmpty()
                ? Optional.of(new Lack("this host's kernel has no huge pages (CONFIG_HUGETLBFS)",
                        "remove `memory.hugepages`, or run another kernel"))
                : Optional.empty();
    }

    private static DriverCapabilities of(MachineType machineType, Accelerator accelerator, Set<Limit> enforced,
            Map<Attachment, Lack> lacking) {
        Set<Attachment> attached = EnumSet.of(Attachment.VOLUMES, Attachment.FLEET_NETWORKS, Attachment.BRIDGES,
                Attachment.EMULATED_GPU,
                Attachment.GPU,
                Attachment.DEVICES, Attachment.HUGE_PAGES);
        attached.removeAll(lacking.keySet());
        return new DriverCapabilities(machineType.qemuName(), accelerator, live(machineType), enforced,
                Confinement.obstacle(enforced), attached, lacking, MOST_DISKS);
    }

    /**
     * What can be plugged in, {@link MachineType#meets} says. The guest's agent brings vCPUs that are there on and off line,
     * whatever runs them. virtio-balloon takes from {@code -m} and never exceeds it. block_resize tells every virtio-blk device
     * of its new length.
     */
    private static Set<LiveChange> live(MachineType machineType) {
        Set<LiveChange> live = EnumSet.of(LiveChange.SWITCH_VCPUS, LiveChange.BALLOON, LiveChange.PORTS, LiveChange.SHM,
                LiveChange.GROW_DISKS);
        for (Need need : machineType.meets(ON_LINUX)) {
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
