package dev.provision.hypervisor.qemu;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

import dev.provision.hypervisor.host.process.ProcessIdentity;
import dev.provision.hypervisor.qemu.channel.Deadline;
import dev.provision.hypervisor.qemu.live.DiskTraffic;
import dev.provision.hypervisor.qemu.qmp.QmpException;
import dev.provision.hypervisor.qemu.vm.Vm;
import dev.provision.hypervisor.qemu.vm.VmmProcesses;
import dev.provision.hypervisor.qemu.volumes.VolumeServers;
import dev.provision.hypervisor.store.MachineRecord;
import dev.provision.planner.host.DriverCapabilities.Limit;
import dev.provision.planner.observed.Deviation;
import dev.provision.schema.fleet.IoLimits;
import dev.provision.schema.fleet.MachineSpec;

/**
 * What around VMMs that run is not as their records say: the servers of their volumes, what holds them to their limits. It
 * only looks, and what cannot be looked at is taken to be as it should.
 */
final class Deviations {
    private static final Duration MONITOR_WAIT = Duration.ofSeconds(2);

    private final VmmProcesses vmms;
    private final Confinement confinement;
    private final VolumeServers volumes;

    Deviations(VmmProcesses vmms, Confinement confinement, VolumeServers volumes) {
        this.vmms = vmms;
        this.confinement = confinement;
        this.volumes = volumes;
    }

    /** What this process could hold VMMs to: other limits cannot be put right by it, so it does not look for them. */
    Set<Limit> enforced() {
        return confinement.enforced();
    }

    List<Deviation> of(Vm vm, MachineRecord record, ProcessIdentity process, Set<Limit> enforced)
            throws InterruptedException {
        List<Deviation> found = new ArrayList<>();
        try {
            volumes.lost(vm.files(), record.spec().volumes())
                    .forEach(volume -> found.add(new Deviation.LostVolume(volume.target())));
            confinement.others(record, process, enforced)
                    .forEach((limit, there) -> found.add(new Deviation.OtherLimit(limit, there)));
            traffic(vm, record.spec(), process).ifPresent(found::add);
            // Of one that ends just now, all that was around it goes with it.
            return vmms.isAlive(vm.id(), process) ? found : List.of();
        } catch (IOException e) {
            return List.of();
        }
    }

    private Optional<Deviation> traffic(Vm vm, MachineSpec spec, ProcessIdentity process)
            throws IOException, InterruptedException {
        if (!spec.resources().hasDisks()) {
            return Optional.empty();
        }
        Optional<List<String>> argv = vmms.argv(vm.id(), Optional.of(process));
        if (argv.isPresent() && !DiskTraffic.canBeLimited(argv.get())) {
            return Optional.of(new Deviation.Unthrottled());
        }
        try {
            IoLimits there = DiskTraffic.limits(vm, Deadline.in(MONITOR_WAIT));
            return there.equals(spec.resources().io()) ? Optional.empty()
                    : Optional.of(new Deviation.OtherLimit(Limit.IO, there.toString()));
        } catch (QmpException e) {
            return Optional.empty();
        }
    }
}
