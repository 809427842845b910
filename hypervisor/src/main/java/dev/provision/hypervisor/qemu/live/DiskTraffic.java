package dev.provision.hypervisor.qemu.live;

import java.time.Duration;
import java.util.List;

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

    /** Whether a VMM with this command line was started so that its disks can be limited. */
    public static boolean canBeLimited(List<String> argv) {
        return argv.stream().anyMatch(argument -> argument.startsWith("{\"qom-type\":\"throttle-group\""));
    }

    /** What the disks of a machine that has some are limited to. */
    public static IoLimits limits(Vm vm, Deadline deadline) throws QmpException, InterruptedException {
        return vm.monitor().diskLimits(QemuCommandLine.DISK_TRAFFIC, deadline);
    }

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
