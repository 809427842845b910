package dev.provision.hypervisor.host.pci;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

import dev.provision.planner.host.DeviceAddress;
import dev.provision.planner.host.DeviceInventory;
import dev.provision.planner.host.DriverCapabilities.Lack;
import dev.provision.planner.host.HostDevice;
import dev.provision.schema.fleet.GpuModel;

/** Turns what sysfs says into the planner's view of devices. Pure. */
public final class DeviceInventories {

    /** What a host without an IOMMU lacks. */
    public static final Lack NO_IOMMU = new Lack(
            "no IOMMU is on, which would keep the device to the memory of its machine",
            "turn it on in the firmware (VT-d, AMD-Vi) and by the kernel parameter intel_iommu=on (of AMD: amd_iommu=on), and reboot");

    private final PciFacts facts;

    private DeviceInventories(PciFacts facts) {
        this.facts = facts;
    }

    public static DeviceInventory of(PciFacts facts) {
        DeviceInventories all = new DeviceInventories(facts);
        List<HostDevice> devices = new ArrayList<>();
        facts.devices()
                .stream()
                .filter(device -> !device.isBridge() && DeviceAddress.isAddress(device.address()))
                .map(all::device)
                .forEach(devices::add);
        facts.mediated()
                .stream()
                .filter(device -> DeviceAddress.isAddress(device.uuid()))
                .map(all::device)
                .forEach(devices::add);
        return new DeviceInventory(devices, Map.of());
    }

    private HostDevice device(PciDevice device) {
        Optional<GpuModel> model = GpuModels.of(device.id())
                .or(() -> device.physicalFunction().flatMap(facts::at).flatMap(whole -> GpuModels.of(whole.id())));
        boolean isWhole = device.physicalFunction().isEmpty();
        String name = device.vgpu()
                .orElse(model.filter(known -> isWhole)
                        .map(GpuModel::toString)
                        .orElse((device.isGpu() ? "GPU " : "") + device.id()));
        // Its driver is what makes the part, and hands it on.
        Optional<String> driver = device.vgpu().isPresent() ? Optional.empty() : device.hostDriver();
        return new HostDevice(new DeviceAddress(device.address()), device.id(), name, device.isGpu(), model,
                device.vgpu().map(DeviceInventories::part), device.node(), companions(device), driver,
                unusable(device), Optional.empty());
    }

    /** Partitions have the names that manifests use; parts that share time keep their maker's, which no manifest asks for. */
    private static String part(String type) {
        return GpuModels.partition(type).orElse(type);
    }

    private HostDevice device(MediatedDevice device) {
        Optional<PciDevice> whole = facts.at(device.parent());
        return new HostDevice(new DeviceAddress(device.uuid()), whole.map(PciDevice::id).orElse(""), device.type(),
                whole.filter(PciDevice::isGpu).isPresent(), whole.flatMap(parent -> GpuModels.of(parent.id())),
                Optional.of(part(device.type())), whole.map(PciDevice::node).orElse(OptionalInt.empty()), List.of(),
                Optional.empty(), Optional.empty(), Optional.empty());
    }

    private List<DeviceAddress> companions(PciDevice device) {
        return device.group().isEmpty() ? List.of()
                : facts.groups()
                        .getOrDefault(device.group().getAsInt(), List.of())
                        .stream()
                        .filter(address -> !address.equals(device.address()) && DeviceAddress.isAddress(address))
                        .filter(address -> facts.at(address).filter(PciDevice::isBridge).isEmpty())
                        .map(DeviceAddress::new)
                        .toList();
    }

    private Optional<Lack> unusable(PciDevice device) {
        if (!facts.hasIommu()) {
            return Optional.of(NO_IOMMU);
        }
        if (device.group().isEmpty()) {
            return Optional.of(new Lack("it is in no IOMMU group", "take another device: nothing keeps this one to the "
                    + "memory of its machine"));
        }
        return inUse(device).or(() -> inParts(device));
    }

    private static Optional<Lack> inUse(PciDevice device) {
        if (device.bootDisplay() && !device.driver().equals(Optional.of(PciDevice.VFIO))) {
            return Optional.of(new Lack("the host's own display is on it",
                    "let the firmware boot on another display, or bind it to vfio-pci when the host boots"));
        }
        return device.uses().isEmpty() ? Optional.empty()
                : Optional.of(new Lack("the host works with it: " + device.uses().getFirst(),
                        "take it out of the host's use, or ask for another device"));
    }

    private Optional<Lack> inParts(PciDevice device) {
        String path = "/sys/bus/pci/devices/" + device.address();
        int functions = device.virtualFunctions().on();
        if (functions > 0) {
            return Optional.of(new Lack("it is given out in parts: " + functions + " virtual functions are on",
                    "ask for its parts, or turn them off: echo 0 > " + path + "/sriov_numvfs"));
        }
        long mediated = facts.mediated().stream().filter(part -> part.parent().equals(device.address())).count();
        if (mediated > 0) {
            return Optional.of(new Lack("it is given out in parts: " + mediated + " mediated devices",
                    "ask for its parts, or remove them: echo 1 > /sys/bus/mdev/devices/UUID/remove"));
        }
        boolean bare = device.isGpu() && device.physicalFunction().isPresent() && device.vgpu().isEmpty();
        return bare
                ? Optional.of(new Lack("this virtual function carries no vGPU",
                        "give it a type out of " + path + "/nvidia/creatable_vgpu_types, by writing its number to "
                                + "current_vgpu_type beside it"))
                : Optional.empty();
    }
}
