package dev.provision.hypervisor.qemu;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

import dev.provision.hypervisor.DriverException;
import dev.provision.hypervisor.host.LinuxHugePages;
import dev.provision.hypervisor.host.process.ProcessIdentity;
import dev.provision.hypervisor.qemu.bridges.Bridges;
import dev.provision.hypervisor.qemu.channel.Deadline;
import dev.provision.hypervisor.qemu.devices.PinnedMemory;
import dev.provision.hypervisor.qemu.devices.TakenDevices;
import dev.provision.hypervisor.qemu.live.Pauses;
import dev.provision.hypervisor.qemu.qmp.QmpException;
import dev.provision.hypervisor.qemu.vm.AfterFailure;
import dev.provision.hypervisor.qemu.vm.StartFailure;
import dev.provision.hypervisor.qemu.vm.Vm;
import dev.provision.hypervisor.qemu.vm.VmmProcesses;
import dev.provision.hypervisor.qemu.volumes.VolumeServers;
import dev.provision.hypervisor.store.Desired;
import dev.provision.hypervisor.store.MachineRecord;
import dev.provision.hypervisor.store.MachineStore;
import dev.provision.schema.fleet.MachineSpec;

/** Has the VMM of a machine run, with the servers of its volumes and the devices that it takes over: one that runs is adopted. */
final class Starter {
    /** A VMM greets within 35 ms on an idle host; many at once on a small one take their turns. */
    private static final Duration MONITOR_TIMEOUT = Duration.ofSeconds(60);
    /** A machine that stops has 10 s for it by default, and its VMM some time to end. */
    private static final Duration HUGE_PAGES_TIMEOUT = Duration.ofSeconds(20);
    private static final Duration ATTEMPT = Duration.ofSeconds(2);
    private static final Duration POLL = Duration.ofMillis(10);

    private final MachineStore store;
    private final VmmProcesses vmms;
    private final Launcher launcher;
    private final VolumeServers volumes;
    private final TakenDevices devices;
    private final Bridges bridges;
    private final HugePageGate hugePages = new HugePageGate(LinuxHugePages::ofThisHost, HUGE_PAGES_TIMEOUT);

    Starter(MachineStore store, VmmProcesses vmms, Launcher launcher, VolumeServers volumes, TakenDevices devices,
            Bridges bridges) {
        this.store = store;
        this.vmms = vmms;
        this.launcher = launcher;
        this.volumes = volumes;
        this.devices = devices;
        this.bridges = bridges;
    }

    void start(Vm vm, MachineSpec spec) throws DriverException, InterruptedException, IOException {
        MachineRecord record = store.find(vm.id()).orElseGet(() -> MachineRecord.created(vm.id(), spec));
        Optional<ProcessIdentity> running = vmms.find(vm.id(), record.process());
        if (running.isPresent()) {
            adopt(record, running.get());
            awaitMonitor(vm, running.get(), record.spec());
            Pauses.end(vm);
        } else {
            PinnedMemory.requireDevices(record.withSpec(spec));
            hugePages.await(vm.id(), spec);
            volumes.start(vm, spec);
            try {
                devices.take(vm.id(), spec.resources(), record.devices());
                ProcessIdentity vmm = launcher.launch(vm, record, spec);
                awaitMonitor(vm, vmm, spec);
                // Not before: a server that its VMM has connected to forks, and what it forked must join too.
                volumes.join(vm.files(), store.find(vm.id()).map(MachineRecord::groups).orElse(List.of()));
            } catch (DriverException | InterruptedException | IOException | RuntimeException e) {
                endVolumesOfNobody(vm, e);
                throw e;
            }
        }
    }

    /** A VMM that merely does not answer keeps them. */
    private void endVolumesOfNobody(Vm vm, Exception reason) throws IOException {
        if (vmms.find(vm.id(), Optional.empty()).isEmpty()) {
            AfterFailure.clear(reason, () -> volumes.end(vm));
            AfterFailure.clear(reason, () -> bridges.leave(vm.id()));
            AfterFailure.clear(reason, () -> devices.release(vm.id()));
        }
    }

    /** The program and its arguments: of the VMM that runs, else of the one that {@link #start} would spawn. */
    List<String> commandLine(Vm vm) throws DriverException, IOException {
        MachineRecord record = store.find(vm.id())
                .orElseThrow(() -> new DriverException(vm.id() + " does not exist", "apply first"));
        Optional<List<String>> running = vmms.argv(vm.id(), record.process());
        return running.isPresent() ? running.get() : launcher.commandLine(vm, record);
    }

    private void adopt(MachineRecord record, ProcessIdentity running) throws IOException {
        MachineRecord adopted = record.vmm()
                .map(vmm -> record.withVmm(vmm.withProcess(running)))
                .orElse(record)
                .withDesired(Desired.RUNNING);
        if (!adopted.equals(record) || store.isLost(record.id())) {
            store.save(adopted);
        }
    }

    /** Returns when the monitor answers and knows how much memory to leave to the guest. */
    private void awaitMonitor(Vm vm, ProcessIdentity process, MachineSpec spec)
            throws DriverException, InterruptedException, IOException {
        Deadline deadline = Deadline.in(MONITOR_TIMEOUT);
        while (true) {
            try {
                // The balloon's driver takes the target up when it is loaded; until then the guest has all.
                vm.monitor().requestMemory(spec.resources().memory().limit(), deadline.orIn(ATTEMPT));
                return;
            } catch (QmpException e) {
                if (!vmms.isAlive(vm.id(), process)) {
                    throw StartFailure.of(vm);
                }
                if (deadline.passed()) {
                    throw new DriverException(vm.id() + ": its VMM runs but its monitor does not answer: "
                            + e.getMessage(), "end process " + process.pid() + " and apply again", e);
                }
            }
            deadline.pause(POLL);
        }
    }
}
