package dev.provision.hypervisor.qemu.devices;

import java.util.List;
import java.util.Optional;

import dev.provision.hypervisor.DriverException;
import dev.provision.hypervisor.store.MachineRecord;
import dev.provision.planner.host.DeviceAddress;
import dev.provision.schema.fleet.DeviceRequest;
import dev.provision.schema.fleet.GpuRequest;
import dev.provision.schema.fleet.MachineSpec;
import dev.provision.schema.units.ByteSize;

/**
 * Machines with devices of the host. A device may write anywhere into its machine's memory at any time, so all of that is locked
 * in the host's (Linux, Documentation/driver-api/vfio.rst), which RLIMIT_MEMLOCK must allow; root needs no leave.
 */
public final class PinnedMemory {

    /** Registers of devices are mapped too; libvirt adds as much. */
    private static final ByteSize MARGIN = ByteSize.ofGib(1);

    private PinnedMemory() {}

    /** What its VMM must be allowed to lock; absent when it need not lock any. */
    public static Optional<ByteSize> most(List<DeviceAddress> devices, MachineSpec spec) {
        return devices.isEmpty() ? Optional.empty() : Optional.of(spec.resources().memory().max().plus(MARGIN));
    }

    /**
     * Checks that the machine was given what its spec asks for: without it, it would not be the machine that the manifest describes.
     *
     * @throws DriverException
     *             when it has more or fewer devices
     */
    public static void requireDevices(MachineRecord record) throws DriverException {
        var resources = record.spec().resources();
        int asked = resources.devices().stream().mapToInt(DeviceRequest::quantity).sum()
                + resources.gpu().filter(gpu -> !gpu.isEmulated()).map(GpuRequest::quantity).orElse(0);
        if (asked != record.devices().size()) {
            throw new DriverException(
                    record.id() + " does not start: it asks for " + asked + " devices of the host and has "
                            + record.devices().size(),
                    "apply: a plan chooses them");
        }
    }
}
