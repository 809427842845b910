package dev.provision.hypervisor.qemu;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

import dev.provision.hypervisor.DriverException;
import dev.provision.hypervisor.host.cgroup.GroupReadings;
import dev.provision.hypervisor.host.process.ProcessIdentity;
import dev.provision.hypervisor.qemu.live.DiskTraffic;
import dev.provision.hypervisor.qemu.vm.Vm;
import dev.provision.hypervisor.qemu.vm.VmmProcesses;
import dev.provision.hypervisor.qemu.volumes.VolumeServers;
import dev.provision.hypervisor.store.MachineRecord;
import dev.provision.hypervisor.store.MachineStore;
import dev.provision.schema.fleet.MachineSpec;

/** Changes the limits of VMMs that run. */
final class Limiter {

    private final MachineStore store;
    private final VmmProcesses vmms;
    private final Confinement confinement;
    private final VolumeServers volumes;

    Limiter(MachineStore store, VmmProcesses vmms, Confinement confinement, VolumeServers volumes) {
        this.store = store;
        this.vmms = vmms;
        this.confinement = confinement;
        this.volumes = volumes;
    }

    void limit(Vm vm, MachineSpec spec) throws DriverException, InterruptedException, IOException {
        MachineRecord record = store.find(vm.id()).orElseGet(() -> MachineRecord.created(vm.id(), spec));
        Optional<ProcessIdentity> process = vmms.find(vm.id(), record.process());
        if (process.isEmpty() || record.vmm().isEmpty()) {
            return;
        }
        List<Path> groups = record.groups();
        long pid = process.get().pid();
        if (groups.isEmpty() || !groups.stream().allMatch(group -> GroupReadings.holds(group, pid))) {
            // Started by who could make none, or before there were any; or somebody has moved it out.
            List<Path> made = confinement.adopt(vm, process.get(), spec);
            store.update(vm.id(), current -> current.vmm().map(vmm -> current.withVmm(vmm.in(made))).orElse(current));
            groups = made;
            volumes.join(vm.files(), groups);
        }
        confinement.change(vm, groups, record.vmm().get().booted().accelerator(), process.get(), spec);
        boolean traffic = !spec.resources().io().isNone() || !record.spec().resources().io().isNone();
        boolean canBeLimited = vmms.argv(vm.id(), process).filter(DiskTraffic::canBeLimited).isPresent();
        if ((traffic || canBeLimited) && spec.resources().hasDisks()) {
            DiskTraffic.limit(vm, spec.resources().io());
        }
    }
}
