package dev.provision.hypervisor.qemu;

import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;

import dev.provision.hypervisor.DriverException;
import dev.provision.hypervisor.host.process.ProcessIdentity;
import dev.provision.hypervisor.qemu.channel.Deadline;
import dev.provision.hypervisor.qemu.vm.EndOfVmm;
import dev.provision.hypervisor.qemu.vm.GuestReport;
import dev.provision.hypervisor.qemu.vm.Vm;
import dev.provision.hypervisor.qemu.vm.VmmProcesses;
import dev.provision.hypervisor.store.MachineRecord;
import dev.provision.hypervisor.store.MachineStore;
import dev.provision.hypervisor.store.VmmRecord;

/** Waits until a batch job has ended and its machine is off; ends the VMM of one whose guest does not see to that. */
final class Completion {
    private static final Duration POLL = Duration.ofMillis(50);
    private static final Duration LOOK_EVERY = Duration.ofSeconds(1);

    private final MachineStore store;
    private final VmmProcesses vmms;
    private final Shutdown shutdown;
    private final InstantSource clock;

    Completion(MachineStore store, VmmProcesses vmms, Shutdown shutdown, InstantSource clock) {
        this.store = store;
        this.vmms = vmms;
        this.shutdown = shutdown;
        this.clock = clock;
    }

    int await(Vm vm) throws DriverException, InterruptedException, IOException {
        MachineRecord record = record(vm);
        Optional<ProcessIdentity> vmm = vmms.find(vm.id(), record.process());
        if (vmm.isPresent()) {
            awaitEnd(vm, record, vmm.get());
        }
        // Only now: the machine's share of the host is free when its VMM is gone, not when its command has ended.
        Optional<Integer> code = GuestReport.lastOf(vm.files()).lastExit();
        if (code.isPresent()) {
            return code.get();
        }
        if (record(vm).vmm().flatMap(VmmRecord::exceeded).isPresent()) {
            return JobTime.LATE;
        }
        throw EndOfVmm.unexpected(vm, record.groups(), "before its command had ended");
    }

    private MachineRecord record(Vm vm) throws DriverException, IOException {
        return store.find(vm.id()).orElseThrow(() -> new DriverException(vm.id() + " does not exist", "apply again"));
    }

    /** What is left is asked for again and again: it is another one once the command has been started, or has ended. */
    private void awaitEnd(Vm vm, MachineRecord record, ProcessIdentity vmm)
            throws DriverException, InterruptedException, IOException {
        Deadline nextLook = Deadline.in(Duration.ZERO);
        while (vmms.isAlive(vm.id(), vmm)) {
            if (nextLook.passed()) {
                Optional<JobTime> time = JobTime.of(record.spec(), vm.files(), vmms.age(vmm), clock.instant());
                if (time.filter(JobTime::isOver).isPresent()) {
                    shutdown.giveUp(vm, time.get());
                    return;
                }
                nextLook = Deadline.in(LOOK_EVERY);
            }
            Thread.sleep(POLL);
        }
    }
}
