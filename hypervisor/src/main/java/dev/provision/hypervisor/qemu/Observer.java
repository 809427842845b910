package dev.provision.hypervisor.qemu;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
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
import dev.provision.hypervisor.host.process.ProcessIdentity;
import dev.provision.hypervisor.qemu.vm.Vm;
import dev.provision.hypervisor.qemu.vm.VmmProcesses;
import dev.provision.hypervisor.store.Desired;
import dev.provision.hypervisor.store.DeviceClaims;
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

/**
 * Looks at a fleet without changing anything: the store, the processes, then each VMM and its guest, all machines at
 * once. A machine that hangs delays the answer by the deadline, not by the deadline times the number of machines.
 */
final class Observer {
    private final MachineStore store;
    private final VmmProcesses vmms;
    private final Deviations deviations;
    private final InstantSource clock;
    private final MachineStates states;

    Observer(MachineStore store, VmmProcesses vmms, Deviations deviations, InstantSource clock) {
        this.store = store;
        this.vmms = vmms;
        this.deviations = deviations;
        this.clock = clock;
        this.states = new MachineStates(vmms, clock);
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
            return store.find(id).flatMap(MachineRecord::process);
        } catch (RecordException e) {
            return Optional.empty();
        }
    }

    private ObservedMachine look(MachineId id, Optional<ProcessIdentity> seen, Set<Limit> enforced)
            throws IOException, InterruptedException {
        Sighting sighting;
        try {
            sighting = Sighting.of(store, vmms, clock, id, seen);
        } catch (RecordException e) {
            return new ObservedMachine(id.name(), new MachineState.Broken(broken(e, seen)), Optional.empty(),
                    Optional.empty(), CanonicalForm.CURRENT.version(), claimed(id));
        }
        Optional<MachineRecord> record = sighting.record();
        Optional<ProcessIdentity> vmm = sighting.vmm();
        Optional<ProcessIdentity> recorded = record.flatMap(MachineRecord::process);
        if (vmm.isEmpty() && recorded.isPresent()) {
            vmms.requireNotElsewhere(id, recorded.get());
        }
        Vm vm = Vm.of(id, store.layout().machine(id));
        MachineState state = states.of(vm, record, vmm);
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
        List<Deviation> found = new ArrayList<>(deviations.of(vm, record, vmm, enforced));
        if (store.isLost(vm.id())) {
            found.add(new Deviation.LostRecord());
        }
        if (record.desired() == Desired.STOPPED) {
            found.add(new Deviation.StoppedRecord());
        }
        return found;
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
}
