package dev.provision.hypervisor.qemu;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

import dev.provision.hypervisor.DriverException;
import dev.provision.hypervisor.host.process.ProcessIdentity;
import dev.provision.hypervisor.qemu.live.DiskTraffic;
import dev.provision.hypervisor.qemu.vm.Vm;
import dev.provision.hypervisor.qemu.vm.VmmProcesses;
import dev.provision.hypervisor.store.MachineRecord;
import dev.provision.hypervisor.store.MachineStore;
import dev.provision.hypervisor.store.VmmRecord;
import dev.provision.schema.fleet.MachineSpec;

/** Changes the limits of VMMs that run. */
final class Limiter {

    private final MachineStore store;
    private final VmmProcesses vmms;
    private final Confinement confinement;

    Limiter(MachineStore store, VmmProcesses vmms, Confinement confinement) {
        this.store = store;
        this.vmms = vmms;
        this.confinement = confinement;
    }

    void limit(Vm vm, MachineSpec spec) throws DriverException, InterruptedException, IOException {
        MachineRecord record = store.find(vm.id()).orElseGet(() -> MachineRecord.created(vm.id(), spec));
        Optional<ProcessIdentity> process = vmms.find(vm.id(), record.vmm().flatMap(VmmRecord::process));
        if (process.isEmpty() || record.vmm().isEmpty()) {
            return;
        }
        List<Path> groups = record.groups();
        if (groups.isEmpty() || !groups.stream().allMatch(Files::isDirectory)) {
            // Started by who could make none, or before there were any.
            groups = confinement.adopt(vm, process.get(), spec);
            store.save(record.withVmm(record.vmm().get().in(groups)));
        }
        confinement.change(vm, groups, process.get(), spec);
        boolean traffic = !spec.resources().io().isNone() || !record.spec().resources().io().isNone();
        if (traffic && spec.resources().hasDisks()) {
            DiskTraffic.limit(vm, spec.resources().io());
        }
    }
}
