package dev.provision.planner.host;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

import dev.provision.planner.host.DriverCapabilities.Lack;
import dev.provision.schema.fleet.GpuModel;

/**
 * A device of the host that a machine may take over.
 *
 * @param id
 *            vendor and device, {@code 10de:20b0}; of a mediated device those of the one it is a part of
 * @param name
 *            what it is, for people: {@code A100}, {@code NVIDIA A100-3-20C}, {@code 1ae0:0027}
 * @param gpu
 *            it computes or displays
 * @param model
 *            of a GPU, when it is one that manifests have a name for
 * @param partition
 *            the MIG partition that it is; absent: it is a whole device
 * @param node
 *            NUMA node that it hangs on; empty where the host has one only, or does not say
 * @param companions
 *            the other devices of its IOMMU group, bridges excepted: they can reach each other's memory
 * @param driver
 *            what drives it for the host; absent: nothing, or what hands devices on to machines
 * @param unusable
 *            why no machine can have it
 * @param holder
 *            the machine of another fleet that has it, {@code FLEET/NAME}
 */
public record HostDevice(DeviceAddress address, String id, String name, boolean gpu, Optional<GpuModel> model,
        Optional<String> partition, OptionalInt node, List<DeviceAddress> companions, Optional<String> driver,
        Optional<Lack> unusable, Optional<String> holder) {

    public HostDevice {
        companions = List.copyOf(companions);
    }

    /** The same, which a machine of another fleet has. */
    public HostDevice heldBy(String machine) {
        return new HostDevice(address, id, name, gpu, model, partition, node, companions, driver, unusable,
                Optional.of(machine));
    }

    /** Nobody has it, and any machine could. */
    public boolean isFree() {
        return driver.isEmpty() && unusable.isEmpty() && holder.isEmpty();
    }
}
