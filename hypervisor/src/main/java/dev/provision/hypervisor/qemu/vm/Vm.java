package dev.provision.hypervisor.qemu.vm;

import dev.provision.hypervisor.MachineId;
import dev.provision.hypervisor.qemu.agent.GuestAgent;
import dev.provision.hypervisor.qemu.qmp.Monitor;
import dev.provision.hypervisor.store.MachineFiles;

/** One machine's files and the two that answer for it: its VMM's monitor and its guest's agent. */
public record Vm(MachineId id, MachineFiles files, Monitor monitor, GuestAgent agent) {

    public static Vm of(MachineId id, MachineFiles files) {
        return new Vm(id, files, new Monitor(files.qmpSocket()), new GuestAgent(files.agentSocket()));
    }
}
