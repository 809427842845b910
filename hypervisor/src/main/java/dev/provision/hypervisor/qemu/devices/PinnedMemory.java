package dev.provision.hypervisor.qemu.devices;

import java.util.ArrayList;
import java.util.List;

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

    /** The command, allowed to lock what it must. */
    public static List<String> allowed(List<DeviceAddress> devices, MachineSpec spec, List<String> argv) {
        if (devices.isEmpty()) {
            return argv;
        }
        long bytes = spec.resources().memory().max().plus(MARGIN).bytes();
        List<String> command = new ArrayList<>(List.of("prlimit", "--memlock=" + bytes + ":" + bytes));
        command.addAll(argv);
        return command;
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
