package dev.provision.hypervisor.qemu;

import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import dev.provision.hypervisor.host.cgroup.GroupPlaces;
import dev.provision.hypervisor.qemu.commandline.MachineType;
import dev.provision.planner.host.Accelerator;
import dev.provision.planner.host.DriverCapabilities;
import dev.provision.planner.host.DriverCapabilities.LiveChange;
import dev.provision.planner.host.DriverDeclaration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class QemuCapabilitiesTest {

    /** A machine that was booted under another accelerator may still run. */
    @ParameterizedTest
    @EnumSource(MachineType.class)
    void everyMachineThatThisDriverEverBootedIsKnown(MachineType type) {
        Set<Accelerator> all = EnumSet.allOf(Accelerator.class);
        for (Accelerator present : all) {
            DriverDeclaration declared = QemuCapabilities.declared(type, present,
                    new Confinement(new GroupPlaces(), present), Optional.empty(), Optional.empty(), _ -> Map.of());
            assertEquals(type.qemuName() + " under " + present.qemuName(), declared.present().runtime());
            assertEquals(type.choices().stream().map(MachineType::qemuName).toList(),
                    declared.types().stream().map(bootable -> bootable.capabilities().machineType()).toList());
            assertEquals(MachineType.values().length * all.size() - type.choices().size(), declared.others().size());
            for (Accelerator booted : all) {
                DriverCapabilities known = declared.of(type.qemuName(), booted);
                assertEquals(16, known.mostDisks());
                assertEquals(type == MachineType.Q35, known.can(LiveChange.ADD_VCPUS), "only q35 has vCPU hot-plug");
                assertEquals(type != MachineType.MICROVM, known.can(LiveChange.ADD_MEMORY), "virtio-mem needs PCI");
                assertTrue(known.live()
                        .containsAll(EnumSet.complementOf(EnumSet.of(LiveChange.ADD_VCPUS, LiveChange.ADD_MEMORY))));
            }
        }
    }
}
