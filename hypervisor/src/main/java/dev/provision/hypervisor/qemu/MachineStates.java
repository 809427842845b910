package dev.provision.hypervisor.qemu;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;

import dev.provision.hypervisor.host.HostShortage;
import dev.provision.hypervisor.host.process.ProcessIdentity;
import dev.provision.hypervisor.qemu.agent.AgentException;
import dev.provision.hypervisor.qemu.channel.Deadline;
import dev.provision.hypervisor.qemu.live.Pauses;
import dev.provision.hypervisor.qemu.live.Vcpus;
import dev.provision.hypervisor.qemu.qmp.QmpException;
import dev.provision.hypervisor.qemu.vm.EndOfVmm;
import dev.provision.hypervisor.qemu.vm.GuestReport;
import dev.provision.hypervisor.qemu.vm.Vm;
import dev.provision.hypervisor.qemu.vm.VmmEnd;
import dev.provision.hypervisor.qemu.vm.VmmProcesses;
import dev.provision.hypervisor.store.Desired;
import dev.provision.hypervisor.store.MachineFiles;
import dev.provision.hypervisor.store.MachineRecord;
import dev.provision.hypervisor.store.VmmRecord;
import dev.provision.planner.observed.MachineState;
import dev.provision.schema.fleet.Probe;
import dev.provision.schema.units.ByteSize;

/** Tells the state of a machine: of one whose VMM runs by asking it, of another by what it has left. */
final class MachineStates {

    /** One that does not answer is restarted by the next command: a host that is merely busy must not make it look so. */
    private static final Duration MONITOR_WAIT = Duration.ofSeconds(5);
    private static final Duration AGENT_WAIT = Duration.ofSeconds(2);

    private final VmmProcesses vmms;
    private final InstantSource clock;

    MachineStates(VmmProcesses vmms, InstantSource clock) {
        this.vmms = vmms;
        this.clock = clock;
    }

    /** What state it is in, of what was {@link Sighting seen} of it. */
    MachineState of(Vm vm, Optional<MachineRecord> record, Optional<ProcessIdentity> vmm)
            throws InterruptedException {
        if (vmm.isPresent()) {
            return record.isPresent() ? running(vm, record.get(), vmm.get()) : new MachineState.Orphan(vmm.get().pid());
        }
        if (record.isEmpty() && hasRun(vm.files())) {
            return new MachineState.Broken("there is none, but it has run");
        }
        if (record.isEmpty() || record.get().vmm().isEmpty()) {
            return new MachineState.Created();
        }
        return record.get().desired() == Desired.STOPPED ? new MachineState.Stopped() : ended(vm, record.get());
    }

    /** What its guest has written is there: to make it anew would be no creation. */
    private static boolean hasRun(MachineFiles files) {
        return Files.exists(files.overlay()) && Files.exists(files.consoleLog());
    }

    private static MachineState ended(Vm vm, MachineRecord record) {
        VmmEnd.of(vm.files()); // then all that its guest has reported is there
        GuestReport report = report(vm);
        Optional<Integer> code = report.completion(record.spec());
        if (code.isPresent()) {
            return new MachineState.Completed(code.get(), report.exceeded());
        }
        Optional<Duration> exceeded = record.vmm().flatMap(VmmRecord::exceeded);
        if (exceeded.isPresent()) {
            return new MachineState.Completed(JobTime.LATE, exceeded, true);
        }
        boolean cutShort = record.process().isEmpty();
        return new MachineState.Dead(cutShort
                ? EndOfVmm.lastWords(vm).map(line -> "QEMU ended: " + line).orElse("its start was cut short")
                : EndOfVmm.reason(vm, record.groups()));
    }

    private MachineState running(Vm vm, MachineRecord record, ProcessIdentity process)
            throws InterruptedException {
        Optional<JobTime> over = timeOfJob(vm, record, process).filter(JobTime::isOver);
        if (over.isPresent()) {
            return new MachineState.Unresponsive(process.pid(), over.get().reason(), true);
        }
        Deadline deadline = Deadline.in(MONITOR_WAIT);
        try {
            String status = vm.monitor().status(deadline);
            Optional<Pauses.Pause> pause = Pauses.in(status, vm);
            if (pause.isPresent()) {
                return new MachineState.Paused(process.pid(), pause.get().reason());
            }
            if (!status.equals("running")) {
                return new MachineState.Unresponsive(process.pid(), "its VMM has stopped the guest: " + status);
            }
            ByteSize memory = vm.monitor().memory(deadline).total();
            GuestReport report = report(vm);
            boolean ready = report.ready().isPresent() && isReadyByProbe(record);
            return new MachineState.Running(process.pid(), ready, Optional.of(memory),
                    ready ? vcpus(vm) : Optional.empty(), report.attempts());
        } catch (QmpException e) {
            return new MachineState.Unresponsive(process.pid(), String.valueOf(e.getMessage()));
        }
    }

    private Optional<JobTime> timeOfJob(Vm vm, MachineRecord record, ProcessIdentity process) {
        try {
            return JobTime.of(record.spec(), vm.files(), vmms.age(process), clock.instant());
        } catch (IOException e) {
            return Optional.empty(); // as for its report
        }
    }

    /**
     * A probe is not asked again, which would run a person's commands whenever somebody looks: what it once said is in
     * the record. Without one the guest's own word is enough.
     */
    private static boolean isReadyByProbe(MachineRecord record) {
        return record.spec().ready().probe() instanceof Probe.Agent
                || record.vmm().filter(VmmRecord::seenReady).isPresent();
    }

    private static Optional<Integer> vcpus(Vm vm) throws InterruptedException {
        try {
            return Optional.of(Vcpus.online(vm.agent().vcpus(Deadline.in(AGENT_WAIT))));
        } catch (AgentException e) {
            return Optional.empty();
        }
    }

    private static GuestReport report(Vm vm) {
        try {
            return GuestReport.read(vm.files().reportLog());
        } catch (IOException e) {
            if (HostShortage.isOfProcess(e)) {
                throw new UncheckedIOException(e); // a job that has ended would be taken for one that has died
            }
            return GuestReport.parse(""); // unreadable is as good as absent for who only looks
        }
    }
}
