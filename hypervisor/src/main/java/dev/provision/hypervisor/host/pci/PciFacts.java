package dev.provision.hypervisor.host.pci;

import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/**
 * All devices of a host that machines could take over.
 *
 * @param groups
 *            addresses of the members of each IOMMU group, by its number; empty where no IOMMU is on
 */
public record PciFacts(List<PciDevice> devices, List<MediatedDevice> mediated,
        SortedMap<Integer, List<String>> groups) {

    public PciFacts {
        devices = List.copyOf(devices);
        mediated = List.copyOf(mediated);
    }

    /** The kernel keeps devices to the memory that they are given. */
    public boolean hasIommu() {
        return !groups.isEmpty();
    }

    public Optional<PciDevice> at(String address) {
        return devices.stream().filter(device -> device.address().equals(address)).findFirst();
    }

    public List<PciDevice> gpus() {
        return devices.stream().filter(PciDevice::isGpu).toList();
    }
}
