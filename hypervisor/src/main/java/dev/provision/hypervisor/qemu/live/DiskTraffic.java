package dev.provision.hypervisor.qemu.live;

import java.time.Duration;

import dev.provision.hypervisor.DriverException;
import dev.provision.hypervisor.qemu.channel.Deadline;
import dev.provision.hypervisor.qemu.commandline.QemuCommandLine;
import dev.provision.hypervisor.qemu.qmp.QmpException;
import dev.provision.hypervisor.qemu.vm.Vm;
import dev.provision.schema.fleet.IoLimits;

/** What the disks of a running machine may do a second: all of them are members of one throttle group of QEMU's. */
public final class DiskTraffic {
    private static final Duration COMMAND = Duration.ofSeconds(5);

    private DiskTraffic() {}

    /** Holds a machine that has disks to these limits, from the next request on. */
    public static void limit(Vm vm, IoLimits limits) throws DriverException, InterruptedException {
        try {
            vm.monitor().limitDisks(QemuCommandLine.DISK_TRAFFIC, limits, Deadline.in(COMMAND));
        } catch (QmpException e) {
            throw new DriverException(vm.id() + ": the limits of its disks cannot be changed: " + e.getMessage(),
                    "see whether it still runs, then apply again; or restart it", e);
        }
    }
}
