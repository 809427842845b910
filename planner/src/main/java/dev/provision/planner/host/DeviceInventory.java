package dev.provision.planner.host;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

import dev.provision.planner.host.GpuInventory.Gpu;
import dev.provision.planner.host.GpuInventory.Partition;
import dev.provision.schema.fleet.DeviceSelector;

/**
 * The devices of the host that machines may take over.
 *
 * @param names
 *            what names stand for here: the host's device catalogue
 */
public record DeviceInventory(List<HostDevice> devices, Map<String, DeviceSelector> names) {

    public static final DeviceInventory NONE = new DeviceInventory(List.of(), Map.of());

    public DeviceInventory {
        devices = List.copyOf(devices);
        names = Map.copyOf(names);
    }

    /** The same devices under these names. */
    public DeviceInventory named(Map<String, DeviceSelector> others) {
        return new DeviceInventory(devices, others);
    }

    /** The same devices, some of which machines of other fleets have, {@code FLEET/NAME}. */
    public DeviceInventory held(Map<DeviceAddress, String> machines) {
        return new DeviceInventory(devices.stream()
                .map(device -> Optional.ofNullable(machines.get(device.address()))
                        .map(device::heldBy)
                        .orElse(device))
                .toList(), names);
    }

    public Optional<HostDevice> at(DeviceAddress address) {
        return devices.stream().filter(device -> device.address().equals(address)).findFirst();
    }

    /** The GPUs that machines of this fleet can have: whole ones, and partitions that the host's administrator has made. */
    public GpuInventory gpus() {
        return new GpuInventory(
                free().filter(device -> device.partition().isEmpty())
                        .map(device -> new Gpu(device.address().text(), device.model(), false))
                        .toList(),
                free().flatMap(device -> device.model()
                        .flatMap(model -> device.partition().map(profile -> new Partition(model, profile)))
                        .stream()).toList());
    }

    private Stream<HostDevice> free() {
        return devices.stream().filter(device -> device.gpu() && device.isFree());
    }
}
