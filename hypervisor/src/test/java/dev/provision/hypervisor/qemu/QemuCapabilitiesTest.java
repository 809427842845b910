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
import static org.junit.jupiter.api.Assertions.assertFalse;

class QemuCapabilitiesTest {

    /** A machine that was booted under another accelerator may still run. */
    @ParameterizedTest
    @EnumSource(MachineType.class)
    void everyMachineThatThisDriverEverBootedIsKnown(MachineType type) {
        Set<Accelerator> all = EnumSet.allOf(Accelerator.class);
        for (Accelerator present : all) {
            DriverDeclaration declared = QemuCapabilities.declared(type, present,
                    new Confinement(new GroupPlaces(), present), Optional.empty(), _ -> Map.of());
            assertEquals(type.qemuName() + " under " + present.qemuName(), declared.present().runtime());
            assertEquals(MachineType.values().length * all.size() - 1, declared.others().size());
            for (Accelerator booted : all) {
                DriverCapabilities known = declared.of(type.qemuName(), booted);
                assertEquals(16, known.mostDisks());
                assertFalse(known.can(LiveChange.ADD_VCPUS), "neither machine type has vCPU hot-plug");
                assertFalse(known.can(LiveChange.ADD_MEMORY), "a balloon cannot exceed boot memory");
                assertEquals(LiveChange.values().length - 2, known.live().size());
            }
        }
    }
}
