package dev.provision.hypervisor.qemu;

import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

import dev.provision.hypervisor.DriverException;
import dev.provision.hypervisor.host.process.ProcessIdentity;
import dev.provision.hypervisor.host.process.ProcessSignal;
import dev.provision.hypervisor.host.process.Processes;
import dev.provision.hypervisor.host.process.SignalOutcome;
import dev.provision.hypervisor.qemu.agent.AgentException;
import dev.provision.hypervisor.qemu.bridges.Bridges;
import dev.provision.hypervisor.qemu.channel.Deadline;
import dev.provision.hypervisor.qemu.devices.TakenDevices;
import dev.provision.hypervisor.qemu.live.Pauses;
import dev.provision.hypervisor.qemu.qmp.QmpException;
import dev.provision.hypervisor.qemu.vm.GuestReport;
import dev.provision.hypervisor.qemu.vm.Vm;
import dev.provision.hypervisor.qemu.vm.VmmProcesses;
import dev.provision.hypervisor.qemu.volumes.VolumeServers;
import dev.provision.hypervisor.store.Desired;
import dev.provision.hypervisor.store.MachineRecord;
import dev.provision.hypervisor.store.MachineStore;
import dev.provision.hypervisor.store.PrivateFiles;
import dev.provision.hypervisor.store.RecordException;
import dev.provision.hypervisor.store.VmmRecord;

/**
 * Ends machines, from polite to hard: the guest's agent, its power button, the VMM's monitor, SIGTERM, SIGKILL. Returns
 * only when the VMM is known to be dead. A machine whose record cannot be read is ended too.
 */
final class Shutdown {
    private static final Duration POLL = Duration.ofMillis(20);
    private static final Duration AGENT_WAIT = Duration.ofSeconds(3);
    private static final Duration MONITOR_WAIT = Duration.ofSeconds(3);
    private static final Duration SIGNAL_WAIT = Duration.ofSeconds(5);

    /** A guest that waits for a volume which nobody serves comes to no end; its other disks are written by then. */
    private static final Duration WITHOUT_VOLUME = Duration.ofSeconds(5);

    private final MachineStore store;
    private final VmmProcesses vmms;
    private final Processes processes;
    private final VolumeServers volumes;
    private final TakenDevices devices;
    private final Bridges bridges;
    private final Confinement confinement;
    private final InstantSource clock;

    Shutdown(MachineStore store, VmmProcesses vmms, Processes processes, VolumeServers volumes,
            TakenDevices devices, Bridges bridges, Confinement confinement, InstantSource clock) {
        this.store = store;
        this.vmms = vmms;
        this.processes = processes;
        this.volumes = volumes;
        this.devices = devices;
        this.bridges = bridges;
        this.confinement = confinement;
        this.clock = clock;
    }

    void stop(Vm vm, Duration grace) throws DriverException, InterruptedException, IOException {
        Optional<MachineRecord> record = readable(vm);
        Optional<ProcessIdentity> process = vmms.find(vm.id(),
                record.flatMap(MachineRecord::process));
        if (record.isPresent()) {
            // Before it dies: died first, it would look like an accident to who comes after a crash of this.
            saveEnd(vm, record.get(), process);
        }
        if (process.isPresent()) {
            boolean hangs = record.isPresent() && !volumes.lost(vm.files(), record.get().spec().volumes()).isEmpty();
            end(vm, process.get(), hangs && grace.compareTo(WITHOUT_VOLUME) > 0 ? WITHOUT_VOLUME : grace);
        }
        clear(vm, record);
    }

    /** Ends the VMM of a job that is over, hard: its guest had its time, and does nothing about it. */
    void giveUp(Vm vm, JobTime time) throws DriverException, InterruptedException, IOException {
        Optional<MachineRecord> record = readable(vm);
        if (record.isPresent()) {
            saveEnd(vm, time);
        }
        Optional<ProcessIdentity> process = vmms.find(vm.id(),
                record.flatMap(MachineRecord::process));
        if (process.isPresent()) {
            end(vm, process.get(), Duration.ZERO);
        }
        clear(vm, record);
    }

    /** Takes away what a VMM that is gone has left around it. */
    private void clear(Vm vm, Optional<MachineRecord> record)
            throws DriverException, InterruptedException, IOException {
        volumes.end(vm);
        PrivateFiles.removeTree(vm.files().sockets());
        confinement.leave(vm, record.map(MachineRecord::groups).orElse(List.of()));
        bridges.leave(vm.id());
        devices.release(vm.id()); // last: who may not, has at least cleared the rest away
    }

    private Optional<MachineRecord> readable(Vm vm) {
        try {
            return store.find(vm.id());
        } catch (RecordException e) {
            return Optional.empty();
        }
    }

    /** A job that is over stays so: who stops its machine has not stopped the job. */
    private void saveEnd(Vm vm, MachineRecord record, Optional<ProcessIdentity> process) throws IOException {
        if (process.isPresent()) {
            Optional<JobTime> time = JobTime
                    .of(record.spec(), vm.files(), vmms.age(process.get()), clock.instant());
            boolean ended = GuestReport.read(vm.files().reportLog()).completion(record.spec()).isPresent();
            if (time.filter(JobTime::isOver).isPresent()) {
                saveEnd(vm, time.get());
            } else if (!ended) {
                saveStopped(vm);
            }
        } else if (GuestReport.lastOf(vm.files()).completion(record.spec()).isEmpty()
                && record.vmm().flatMap(VmmRecord::exceeded).isEmpty()) {
            saveStopped(vm);
        }
    }

    private void saveEnd(Vm vm, JobTime time) throws IOException {
        Optional<Duration> deadline = time.deadline();
        if (deadline.isPresent()) {
            store.update(vm.id(), record -> record.vmm()
                    .map(vmm -> record.withVmm(vmm.exceeding(deadline.get())))
                    .orElse(record));
        }
    }

    private void saveStopped(Vm vm) throws IOException {
        store.update(vm.id(), record -> record.withDesired(Desired.STOPPED));
    }

    private void end(Vm vm, ProcessIdentity process, Duration grace)
            throws DriverException, InterruptedException, IOException {
        Deadline politeness = Deadline.in(grace);
        if (askGuest(vm, politeness) && ended(vm, process, politeness)) {
            return;
        }
        quit(vm);
        if (ended(vm, process, Deadline.in(MONITOR_WAIT))) {
            return;
        }
        for (ProcessSignal signal : ProcessSignal.values()) {
            requireSent(vm, process, processes.signalIfSame(process, signal));
            if (ended(vm, process, Deadline.in(SIGNAL_WAIT))) {
                return;
            }
        }
        throw new DriverException(vm.id() + ": process " + process.pid() + " does not die, not even by SIGKILL",
                "see what it waits for (`ps -o stat,wchan -p " + process.pid() + "`): usually a disk or a device");
    }

    private static void requireSent(Vm vm, ProcessIdentity process, SignalOutcome outcome) throws DriverException {
        switch (outcome) {
            case DELIVERED, GONE -> {
                // Whether it is dead is looked at next.
            }
            case NOT_PERMITTED -> throw new DriverException(
                    vm.id() + ": process " + process.pid() + " hangs, and this user may not end it",
                    "stop it as the user who started it");
            case UNSUPPORTED -> throw new DriverException(
                    vm.id() + ": process " + process.pid() + " hangs, and cannot be signalled without a race here: "
                            + "that needs Linux 5.3, and a temporary directory that is not mounted noexec",
                    "look at it (`ps -fp " + process.pid() + "`), end it by hand (`kill -9 " + process.pid()
                            + "`), then try again");
        }
    }

    /** False when there is nothing in the guest to wait for. */
    private static boolean askGuest(Vm vm, Deadline politeness) throws InterruptedException, IOException {
        if (politeness.passed() || !GuestReport.read(vm.files().reportLog()).booted()) {
            return false;
        }
        try {
            if (Pauses.resume(vm, politeness.orIn(MONITOR_WAIT)).isPresent()) {
                return false; // a guest that is paused, and cannot go on, hears nobody
            }
        } catch (QmpException e) {
            // Its monitor is busy or mute: the guest may hear its agent all the same.
        }
        try {
            vm.agent().shutdown(politeness.orIn(AGENT_WAIT));
            return true;
        } catch (AgentException e) {
            return pressPowerButton(vm, politeness);
        }
    }

    private static boolean pressPowerButton(Vm vm, Deadline politeness) throws InterruptedException {
        try {
            vm.monitor().pressPowerButton(politeness.orIn(MONITOR_WAIT));
            return true;
        } catch (QmpException e) {
            return false;
        }
    }

    private static void quit(Vm vm) throws InterruptedException {
        try {
            vm.monitor().quit(Deadline.in(MONITOR_WAIT));
        } catch (QmpException e) {
            // It hangs or is gone already; whether it is dead is looked at next, and signals follow.
        }
    }

    private boolean ended(Vm vm, ProcessIdentity process, Deadline deadline) throws InterruptedException, IOException {
        while (vmms.isAlive(vm.id(), process)) {
            if (deadline.passed()) {
                return false;
            }
            deadline.pause(POLL);
        }
        return true;
    }
}
