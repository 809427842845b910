package dev.provision.hypervisor.qemu;

import java.util.OptionalLong;

import dev.provision.hypervisor.host.cgroup.GroupPlaces;
import dev.provision.hypervisor.qemu.commandline.MachineType;
import dev.provision.planner.host.Accelerator;

/**
 * How VMMs are started on this host.
 *
 * @param machineType
 *            of machines that need nothing in particular
 * @param binary
 *            name on the search path or absolute path of QEMU
 * @param tscKhz
 *            frequency of the host's time stamp counter in kHz, see HostFacts; needed for x86 under TCG
 * @param groups
 *            where VMMs can be put into control groups
 * @param sandbox
 *            confine VMMs by seccomp; needs Linux and a QEMU built with it
 */
public record QemuSetup(MachineType machineType, String binary, Accelerator accelerator, OptionalLong tscKhz,
        GroupPlaces groups, boolean sandbox) {

    /** The usual setup of a host. */
    public static QemuSetup of(MachineType machineType, Accelerator accelerator, OptionalLong tscKhz) {
        boolean linux = System.getProperty("os.name", "").equals("Linux");
        return new QemuSetup(machineType, machineType.binary(), accelerator, tscKhz, new GroupPlaces(), linux);
    }
}
