package dev.provision.hypervisor.qemu.commandline;

import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.Set;

import dev.provision.hypervisor.MachineId;
import dev.provision.hypervisor.store.MachineFiles;
import dev.provision.planner.host.Accelerator;
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
 */
public record CommandLineInput(MachineId id, MachineSpec spec, MachineType machineType, Set<Need> needs,
        Accelerator accelerator,
        OptionalLong tscKhz, boolean sandbox, Path kernel, Path initrd, MachineFiles files) {}
