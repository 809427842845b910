package dev.provision.hypervisor.qemu;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

import dev.provision.hypervisor.DriverException;
import dev.provision.hypervisor.host.process.ProcessIdentity;
import dev.provision.hypervisor.qemu.vm.EndOfVmm;
import dev.provision.hypervisor.qemu.vm.GuestReport;
import dev.provision.hypervisor.qemu.vm.Vm;
import dev.provision.hypervisor.qemu.vm.VmmProcesses;
import dev.provision.hypervisor.store.MachineRecord;
import dev.provision.hypervisor.store.MachineStore;
import dev.provision.hypervisor.store.VmmRecord;

/** Waits until a batch job has ended and its machine is off. */
final class Completion {
    private static final Duration POLL = Duration.ofMillis(50);

    private final MachineStore store;
    private final VmmProcesses vmms;

    Completion(MachineStore store, VmmProcesses vmms) {
        this.store = store;
        this.vmms = vmms;
    }

    int await(Vm vm) throws DriverException, InterruptedException, IOException {
        MachineRecord record = store.find(vm.id())
                .orElseThrow(() -> new DriverException(vm.id() + " does not exist", "apply again"));
        Optional<ProcessIdentity> vmm = vmms.find(vm.id(), record.vmm().flatMap(VmmRecord::process));
        while (vmm.isPresent() && vmms.isAlive(vm.id(), vmm.get())) {
            Thread.sleep(POLL);
        }
        // Only now: the machine's share of the host is free when its VMM is gone, not when its command has ended.
        Optional<Integer> code = GuestReport.lastOf(vm.files()).lastExit();
        if (code.isEmpty()) {
            throw EndOfVmm.unexpected(vm, record.groups(),
                    "before its command had ended");
        }
        return code.get();
    }
}
