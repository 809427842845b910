package dev.provision.planner.host;

import java.util.List;
import java.util.Set;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import dev.provision.planner.Specs;
import dev.provision.schema.fleet.MachineSpec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

class MachineTypeChoiceTest {

    private static final Bootable MICROVM = type("microvm");
    private static final DriverDeclaration X86 = new DriverDeclaration(List.of(MICROVM, type("q35", Need.values())),
            List.of());
    private static final DriverDeclaration ARM = new DriverDeclaration(
            List.of(type("virt", Need.PLUG_MEMORY, Need.PCI)), List.of());

    private static Bootable type(String name, Need... meets) {
        return new Bootable(DriverCapabilities.none(name, Accelerator.KVM), Set.of(meets));
    }

    private static MachineSpec machine(String resources) {
        return Specs.machine("resources: {" + resources + "}");
    }

    private static String text(DriverDeclaration driver, String resources) {
        BootsOn bootsOn = driver.choose(machine(resources)).bootsOn();
        return bootsOn.machineType() + ": " + bootsOn.reason();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"cpus: 1 | microvm: the default",
        "cpus: {limit: 1, max: 3} | microvm: the default",
        "memory: {limit: 1GiB, max: 8GiB} | microvm: the default",
        "memory: {limit: 1GiB, max: 16GiB, hotplug: false} | microvm: the default",
        "cpus: {limit: 1, max: 3, hotplug: true} | q35: `cpus.hotplug` has vCPUs plugged in while it runs",
        "memory: {limit: 1GiB, max: 2GiB, hotplug: true} | q35: `memory.hotplug` has memory plugged in while it runs",
        "gpu: 1 | q35: the host's devices need PCI", "devices: [tpu] | q35: the host's devices need PCI",
        "'cpus: {limit: 1, hotplug: true}, gpu: 1' | q35: `cpus.hotplug` has vCPUs plugged in while it runs; the host's devices need PCI"})
    void theTypeIsWhatTheManifestNeeds(String resources, String expected) {
        assertEquals(expected, text(X86, resources));
    }

    @Test
    void aBalloonOfMoreThanSevenEighthsIsNone() {
        assertEquals(
                "q35: `memory.max` of 8193 MiB is more than 8 times the limit of 1 GiB: with a balloon the guest's "
                        + "kernel would keep 129 MiB of the limit for tables, and take long to inflate it, so memory is plugged "
                        + "in while it runs",
                text(X86, "memory: {limit: 1GiB, max: 8193MiB}"));
    }

    /** What it cannot meet is no reason for it, and the plan refuses what must not be missing. */
    @Test
    void aTypeIsChosenForWhatItMeets() {
        MachineTypeChoice choice = ARM.choose(machine("cpus: {limit: 1, max: 2, hotplug: true}, "
                + "memory: {limit: 1GiB, max: 16GiB}"));
        assertEquals("virt", choice.capabilities().machineType());
        assertTrue(choice.plugsMemory());
        assertFalse(choice.plugsVcpus());
        assertFalse(choice.bootsOn().usual());
        assertEquals("virt: the default", text(ARM, "cpus: {limit: 1, max: 2, hotplug: true}"));
        assertTrue(ARM.choose(machine("cpus: 1")).bootsOn().usual());
    }

    @Test
    void aDriverThatPlugsNothingKeepsItsType() {
        DriverDeclaration plain = new DriverDeclaration(MICROVM.capabilities(), List.of());
        assertEquals("microvm: the default", text(plain, "memory: {limit: 1GiB, max: 16GiB}"));
    }
}
