package dev.provision.provisioner.cli;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;

import org.junit.jupiter.api.Test;

import dev.provision.hypervisor.host.pci.PciDevice;
import dev.provision.hypervisor.host.pci.PciDevice.VirtualFunctions;
import dev.provision.hypervisor.host.pci.PciFacts;
import dev.provision.planner.host.DeviceAddress;

import static org.junit.jupiter.api.Assertions.assertEquals;

/** What {@code doctor} says of devices. */
class HostInventoryTest {

    private static PciDevice t4(String address, int group) {
        return new PciDevice(address, "10de:1eb8", "", 0x030200, Optional.of("vfio-pci"), OptionalInt.of(group),
                OptionalInt.empty(), Optional.empty(), new VirtualFunctions(0, 0), false, Optional.empty(), List.of());
    }

    @Test
    void whatMachinesHaveIsNotFree() {
        PciFacts facts = new PciFacts(List.of(t4("0000:01:00.0", 1), t4("0000:02:00.0", 2)), List.of(),
                new TreeMap<>(Map.of(1, List.of("0000:01:00.0"), 2, List.of("0000:02:00.0"))));
        HostInventory inventory = new HostInventory(Optional.empty(), facts,
                Map.of(new DeviceAddress("0000:01:00.0"), "lab/a"));
        assertEquals(List.of("1 × T4; 2 PCI devices; IOMMU on, 2 groups",
                "0000:01:00.0 T4: machine lab/a has it", "0000:02:00.0 T4: free"),
                inventory.findings().stream().map(DoctorCommand.Finding::text).toList());
        assertEquals("[{address=0000:01:00.0, id=10de:1eb8, name=T4, gpu=true, model=T4, machine=lab/a, free=false},"
                + " {address=0000:02:00.0, id=10de:1eb8, name=T4, gpu=true, model=T4, free=true}]",
                String.valueOf(inventory.json().get("devices")));
    }
}
