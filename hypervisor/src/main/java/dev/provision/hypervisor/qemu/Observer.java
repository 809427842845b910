package dev.provision.hypervisor.qemu;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import org.jspecify.annotations.Nullable;

import dev.provision.hypervisor.MachineId;
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
import dev.provision.hypervisor.store.DeviceClaims;
import dev.provision.hypervisor.store.MachineFiles;
import dev.provision.hypervisor.store.MachineRecord;
import dev.provision.hypervisor.store.MachineStore;
import dev.provision.hypervisor.store.RecordException;
import dev.provision.hypervisor.store.VmmRecord;
import dev.provision.planner.host.DeviceAddress;
import dev.provision.planner.host.DriverCapabilities.Limit;
import dev.provision.planner.observed.Deviation;
import dev.provision.planner.observed.MachineState;
import dev.provision.planner.observed.ObservedFleet;
import dev.provision.planner.observed.ObservedMachine;
import dev.provision.schema.fleet.CanonicalForm;
import dev.provision.schema.fleet.Probe;
import dev.provision.schema.units.ByteSize;

/**
 * Looks at a fleet without changing anything: the store, the processes, then each VMM and its guest, all machines at
 * once. A machine that hangs delays the answer by the deadline, not by the deadline times the number of machines.
 */
final class Observer {
    private static final Duration MONITOR_WAIT = Duration.ofSeconds(2);
    private static final Duration AGENT_WAIT = Duration.ofSeconds(2);

    private final MachineStore store;
    private final VmmProcesses vmms;
    private final Deviations deviations;
    private final InstantSource clock;

    Observer(MachineStore store, VmmProcesses vmms, Deviations deviations, InstantSource clock) {
        this.store = store;
        this.vmms = vmms;
        this.deviations = deviations;
        this.clock = clock;
    }

    ObservedFleet observe(String fleet) throws IOException, InterruptedException {
        SortedMap<String, ProcessIdentity> running = vmms.ofFleet(fleet);
        SortedSet<String> names = new TreeSet<>(store.machines(fleet));
        names.addAll(running.keySet());
        SortedMap<String, ObservedMachine> machines = new TreeMap<>();
        Set<Limit> enforced = deviations.enforced();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<ObservedMachine>> looks = new ArrayList<>();
            for (String name : names) {
                Optional<ProcessIdentity> vmm = Optional.ofNullable(running.get(name));
                looks.add(threads.submit(() -> look(new MachineId(fleet, name), vmm, enforced)));
            }
            try {
                for (Future<ObservedMachine> look : looks) {
                    ObservedMachine machine = look.get();
                    machines.put(machine.name(), machine);
                }
            } catch (ExecutionException e) {
                throw failure(e.getCause());
            } finally {
                threads.shutdownNow();
            }
        }
        return new ObservedFleet(fleet, machines, store.storage(fleet));
    }

    /** Where one machine cannot be looked at for want of files, or is another store's, nothing is told of any. */
    private static IOException failure(@Nullable Throwable cause) {
        return switch (cause) {
            case IOException e -> e;
            case UncheckedIOException e -> Objects.requireNonNull(e.getCause());
            case Error e -> throw e; // as where the JVM gets no file for what it opens itself
            case null, default -> throw new IllegalStateException("a look at a machine must not throw", cause);
        };
    }

    /** One machine; empty when it has neither a directory nor a process. */
    Optional<ObservedMachine> observe(MachineId id) throws IOException, InterruptedException {
        Optional<ProcessIdentity> vmm = vmms.find(id, recorded(id));
        return vmm.isPresent() || Files.exists(store.layout().machine(id).directory())
                ? Optional.of(look(id, vmm, deviations.enforced()))
                : Optional.empty();
    }

    private Optional<ProcessIdentity> recorded(MachineId id) {
        try {
            return store.find(id).flatMap(MachineRecord::vmm).flatMap(VmmRecord::process);
        } catch (RecordException e) {
            return Optional.empty();
        }
    }

    private ObservedMachine look(MachineId id, Optional<ProcessIdentity> vmm, Set<Limit> enforced)
            throws IOException, InterruptedException {
        Optional<MachineRecord> record;
        try {
            record = store.find(id);
        } catch (RecordException e) {
            return new ObservedMachine(id.name(), new MachineState.Broken(broken(e, vmm)), Optional.empty(),
                    Optional.empty(), CanonicalForm.CURRENT.version(), claimed(id));
        }
        Optional<ProcessIdentity> recorded = record.flatMap(MachineRecord::vmm).flatMap(VmmRecord::process);
        if (vmm.isEmpty() && recorded.isPresent()) {
            vmms.requireNotElsewhere(id, recorded.get());
        }
        Vm vm = Vm.of(id, store.layout().machine(id));
        MachineState state = state(vm, record, vmm);
        boolean answers = state instanceof MachineState.Running || state instanceof MachineState.Paused;
        return new ObservedMachine(id.name(), state, record.map(MachineRecord::spec),
                record.flatMap(MachineRecord::vmm).map(VmmRecord::booted),
                record.map(MachineRecord::canonicalForm).orElse(CanonicalForm.CURRENT.version()),
                record.isPresent() ? record.get().devices() : claimed(id),
                record.isPresent() && vmm.isPresent() && answers
                        ? deviations(vm, record.get(), vmm.get(), enforced)
                        : List.of(),
                record.flatMap(MachineRecord::bornAt));
    }

    private List<Deviation> deviations(Vm vm, MachineRecord record, ProcessIdentity vmm, Set<Limit> enforced)
            throws InterruptedException {
        List<Deviation> found = deviations.of(vm, record, vmm, enforced);
        if (!store.isLost(vm.id())) {
            return found;
        }
        List<Deviation> all = new ArrayList<>(found);
        all.add(new Deviation.LostRecord());
        return all;
    }

    /** The devices of the host that a machine which has lost its record has taken: they are not free for others. */
    private List<DeviceAddress> claimed(MachineId id) {
        try {
            return new DeviceClaims(store).of(id);
        } catch (IOException e) {
            return List.of(); // then nothing can be taken over either: to take a device its claim is read
        }
    }

    private static String broken(RecordException e, Optional<ProcessIdentity> vmm) {
        return e.getMessage() + vmm.map(process -> " (its VMM runs, pid " + process.pid() + ")").orElse("");
    }

    private MachineState state(Vm vm, Optional<MachineRecord> record, Optional<ProcessIdentity> vmm)
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
        boolean cutShort = record.vmm().flatMap(VmmRecord::process).isEmpty();
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
