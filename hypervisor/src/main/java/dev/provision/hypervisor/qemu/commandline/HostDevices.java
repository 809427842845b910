package dev.provision.hypervisor.qemu.commandline;

import java.util.ArrayList;
import java.util.List;

import dev.provision.planner.host.DeviceAddress;
import dev.provision.planner.host.VmmOverhead;
import dev.provision.schema.fleet.GpuRequest;

/** The emulated GPU, and the devices of the host that a machine takes over, as arguments of QEMU. */
final class HostDevices {

    /** Where the kernel has devices that drivers of the host have made out of parts of others. */
    private static final String MEDIATED = "/sys/bus/mdev/devices/";
    private static final String PCI = "/sys/bus/pci/devices/";
    /** Of one whose domain has four digits: QEMU reads no longer one after {@code host=}. */
    private static final int USUAL_LENGTH = "0000:3b:00.0".length();

    private HostDevices() {}

    /** What follows {@code -device}, once each. */
    static List<OptionValue> of(CommandLineInput input) {
        List<OptionValue> devices = new ArrayList<>();
        if (input.spec().resources().gpu().filter(GpuRequest::isEmulated).isPresent()) {
            // Bounded: what the guest keeps in it is memory of the VMM.
            devices.add(OptionValue.of(input.machineType().virtio("gpu"))
                    .with("id", "gpu0")
                    .with("max_hostmem", VmmOverhead.OF_EMULATED_GPU.bytes()));
        }
        for (int number = 0; number < input.devices().size(); number++) {
            devices.add(passedThrough(input.devices().get(number)).with("id", "host" + number));
        }
        return devices;
    }

    /** {@code host=} is a place on the PCI bus, {@code sysfsdev=} the directory of a device of any bus (hw/vfio/pci.c). */
    private static OptionValue passedThrough(DeviceAddress device) {
        OptionValue vfio = OptionValue.of("vfio-pci");
        if (device.isMediated()) {
            return vfio.with("sysfsdev", MEDIATED + device);
        }
        return device.text().length() == USUAL_LENGTH ? vfio.with("host", device) : vfio.with("sysfsdev", PCI + device);
    }
}
