package dev.provision.hypervisor.qemu.commandline;

import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;

import dev.provision.hypervisor.MachineId;
import dev.provision.hypervisor.store.MachineFiles;
import dev.provision.planner.host.Accelerator;
import dev.provision.planner.host.DeviceAddress;
import dev.provision.planner.host.Need;
import dev.provision.schema.fleet.MachineSpec;

/**
 * All that decides a VMM's command line.
 *
 * @param needs
 *            what decided the machine type
 * @param kernel
 *            absolute path of the image's kernel
 * @param tscKhz
 *            frequency of the host's time stamp counter in kHz; only software emulation of x86 needs it
 * @param sandbox
 *            the VMM may confine itself by seccomp (Linux)
 * @param devices
 *            devices of the host that the machine takes over
 */
public record CommandLineInput(MachineId id, MachineSpec spec, MachineType machineType, Set<Need> needs,
        Accelerator accelerator,
        OptionalLong tscKhz, boolean sandbox, Path kernel, Path initrd, MachineFiles files,
        List<DeviceAddress> devices) {

    public CommandLineInput {
        needs = Set.copyOf(needs);
        devices = List.copyOf(devices);
    }

    /** Of a machine that takes no device of the host over. */
    public CommandLineInput(MachineId id, MachineSpec spec, MachineType machineType, Set<Need> needs,
            Accelerator accelerator,
            OptionalLong tscKhz, boolean sandbox, Path kernel, Path initrd, MachineFiles files) {
        this(id, spec, machineType, needs, accelerator, tscKhz, sandbox, kernel, initrd, files, List.of());
    }
}
