package dev.provision.hypervisor.qemu;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

import dev.provision.hypervisor.Driver;
import dev.provision.hypervisor.DriverException;
import dev.provision.hypervisor.ExecResult;
import dev.provision.hypervisor.MachineId;
import dev.provision.hypervisor.host.pci.DeviceInventories;
import dev.provision.hypervisor.host.pci.SysfsPci;
import dev.provision.hypervisor.host.pci.VfioBinding;
import dev.provision.hypervisor.host.process.ProcessIdentity;
import dev.provision.hypervisor.host.process.Processes;
import dev.provision.hypervisor.qemu.bridges.BridgeSupport;
import dev.provision.hypervisor.qemu.bridges.Bridges;
import dev.provision.hypervisor.qemu.channel.Deadline;
import dev.provision.hypervisor.qemu.devices.DeviceSupport;
import dev.provision.hypervisor.qemu.devices.TakenDevices;
import dev.provision.hypervisor.qemu.isolation.UserSeparation;
import dev.provision.hypervisor.qemu.live.Balloon;
import dev.provision.hypervisor.qemu.live.DiskGrowth;
import dev.provision.hypervisor.qemu.live.GuestNames;
import dev.provision.hypervisor.qemu.live.PluggedVcpus;
import dev.provision.hypervisor.qemu.live.PortForwarding;
import dev.provision.hypervisor.qemu.live.SharedMemory;
import dev.provision.hypervisor.qemu.live.Vcpus;
import dev.provision.hypervisor.qemu.vm.AttemptLog;
import dev.provision.hypervisor.qemu.vm.Vm;
import dev.provision.hypervisor.qemu.vm.VmmProcesses;
import dev.provision.hypervisor.qemu.volumes.VolumeServers;
import dev.provision.hypervisor.qemu.volumes.VolumeSupport;
import dev.provision.hypervisor.store.Desired;
import dev.provision.hypervisor.store.MachineFiles;
import dev.provision.hypervisor.store.MachineRecord;
import dev.provision.hypervisor.store.MachineStore;
import dev.provision.hypervisor.store.PrivateFiles;
import dev.provision.hypervisor.store.StoreLayout;
import dev.provision.hypervisor.store.VmmRecord;
import dev.provision.planner.host.Accelerator;
import dev.provision.planner.host.DeviceAddress;
import dev.provision.planner.host.DriverCapabilities.Lack;
import dev.provision.planner.host.DriverDeclaration;
import dev.provision.planner.observed.ObservedFleet;
import dev.provision.planner.observed.ObservedMachine;
import dev.provision.schema.fleet.MachineSpec;
import dev.provision.schema.fleet.PortForward;
import dev.provision.schema.units.ByteSize;

/** The driver of QEMU microVMs, version 7.2 and newer. */
public final class QemuDriver implements Driver {
    private static final int OUTPUT_LINES = 20;
    private static final Duration RESIZE_TIMEOUT = Duration.ofSeconds(30);

    private final DriverDeclaration capabilities;
    private final MachineStore store;
    private final VmmProcesses vmms;
    private final VolumeServers volumes;
    private final TakenDevices devices;
    private final Bridges bridges;
    private final Starter starter;
    private final Limiter limiter;
    private final Readiness readiness;
    private final Completion completion;
    private final Shutdown shutdown;
    private final Observer observer;
    private final GuestCommands commands;
    private final InstantSource clock;

    /**
     * A driver of the machines of one store.
     *
     * @param searchPath
     *            where programs are looked for, directories separated by {@code :}; all that VMMs get of the environment
     * @param clock
     *            tells guests the time and records when they were started
     */
    public QemuDriver(StoreLayout layout, QemuSetup setup, ImageSource images, Processes processes, String searchPath,
            InstantSource clock) {
        this.clock = clock;
        Spawner spawner = new Spawner(searchPath);
        Confinement confinement = new Confinement(setup.groups(), setup.accelerator());
        Optional<Lack> noVolumes = VolumeSupport.lack(tool -> spawner.locate(tool).isPresent());
        Optional<Lack> noBridges = BridgeSupport.lack(tool -> spawner.locate(tool).isPresent());
        this.bridges = new Bridges(layout, searchPath, noBridges);
        this.capabilities = QemuCapabilities.declared(setup.machineType(), setup.accelerator(), confinement, noVolumes,
                noBridges, new DeviceSupport()::lacking)
                .asRoot(new UserSeparation(layout, setup.accelerator(), tool -> spawner.locate(tool).isPresent())
                        .obstacle()
                        .map(obstacle -> new Lack(obstacle.why(), obstacle.fix())));
        this.vmms = new VmmProcesses(processes, layout);
        this.store = new MachineStore(layout, vmms::isAlive);
        this.volumes = new VolumeServers(layout, processes, spawner::spawn, noVolumes);
        this.devices = new TakenDevices(store, new VfioBinding(),
                () -> DeviceInventories.of(new SysfsPci().read()));
        this.starter = new Starter(store, vmms, new Launcher(store, setup, capabilities, images, vmms, spawner,
                confinement, devices, bridges, clock), volumes, devices, bridges);
        this.limiter = new Limiter(store, vmms, confinement, volumes);
        this.readiness = new Readiness(store, vmms);
        this.shutdown = new Shutdown(store, vmms, processes, volumes, devices, bridges, confinement, clock);
        this.completion = new Completion(store, vmms, shutdown, clock);
        this.observer = new Observer(store, vmms, new Deviations(vmms, confinement, volumes), clock);
        this.commands = new GuestCommands(store, vmms);
    }

    @Override
    public DriverDeclaration capabilities() {
        return capabilities;
    }

    @Override
    public ObservedFleet observe(String fleet) throws DriverException, InterruptedException {
        return attempt("fleet " + fleet, () -> observer.observe(fleet));
    }

    @Override
    public Optional<ObservedMachine> observe(MachineId id) throws DriverException, InterruptedException {
        return attempt(id, () -> observer.observe(id));
    }

    @Override
    public void create(MachineId id, MachineSpec spec) throws DriverException, InterruptedException {
        perform(id, vm -> {
            store.layout().requireSocketsFit(id);
            PrivateFiles.makeDirectories(vm.files().directory());
            if (store.find(id).isEmpty()) {
                store.save(MachineRecord.created(id, spec, clock.instant()));
            }
            Disks.ensure(vm.files(), spec);
        });
    }

    @Override
    public void start(MachineId id, MachineSpec spec) throws DriverException, InterruptedException {
        perform(id, vm -> starter.start(vm, spec));
    }

    @Override
    public void awaitReady(MachineId id, MachineSpec spec, Runnable whenBooted)
            throws DriverException, InterruptedException {
        perform(id, vm -> readiness.await(vm, spec, whenBooted));
    }

    @Override
    public int awaitCompletion(MachineId id) throws DriverException, InterruptedException {
        return attempt(id, () -> completion.await(vm(id)));
    }

    @Override
    public void stop(MachineId id, Duration grace) throws DriverException, InterruptedException {
        perform(id, vm -> shutdown.stop(vm, grace));
    }

    @Override
    public void resizeMemory(MachineId id, ByteSize memory) throws DriverException, InterruptedException {
        perform(id, vm -> Balloon.resize(vm, memory, Deadline.in(RESIZE_TIMEOUT)));
    }

    @Override
    public void resizeCpus(MachineId id, int vcpus) throws DriverException, InterruptedException {
        perform(id, vm -> {
            Deadline deadline = Deadline.in(RESIZE_TIMEOUT);
            Vcpus.resize(vm, vcpus, deadline);
            // QEMU 7.2 aborts some time after a vCPU was unplugged under software emulation: there it stays, off line.
            if (store.find(id).flatMap(MachineRecord::vmm).filter(QemuDriver::hasKvm).isPresent()) {
                PluggedVcpus.remove(vm, vcpus, deadline);
            }
        });
    }

    @Override
    public void limit(MachineId id, MachineSpec spec) throws DriverException, InterruptedException {
        perform(id, vm -> limiter.limit(vm, spec));
    }

    @Override
    public void resizeShm(MachineId id, ByteSize size) throws DriverException, InterruptedException {
        perform(id, _ -> SharedMemory.resize(id, size, command -> exec(id, command, new byte[0])));
    }

    @Override
    public void forwardPorts(MachineId id, List<PortForward> remove, List<PortForward> add)
            throws DriverException, InterruptedException {
        perform(id, vm -> PortForwarding.change(vm, remove, add));
    }

    @Override
    public void shareNames(MachineId id, MachineSpec spec) throws DriverException, InterruptedException {
        GuestNames.share(id, spec, (command, stdin) -> exec(id, command, stdin));
    }

    @Override
    public void growDisks(MachineId id, MachineSpec spec) throws DriverException, InterruptedException {
        perform(id, vm -> {
            if (vmms.find(id, Optional.empty()).isPresent()) {
                new DiskGrowth(vm, (command, deadline) -> commands.run(vm, command, new byte[0], deadline))
                        .grow(Disks.targets(vm.files(), spec));
            } else {
                Disks.ensure(vm.files(), spec);
            }
        });
    }

    @Override
    public void assignDevices(MachineId id, List<DeviceAddress> given) throws DriverException, InterruptedException {
        perform(id, _ -> {
            requireStopped(id);
            devices.release(id); // of what it had
            if (!store.update(id, record -> record.withDevices(given))) {
                throw new DriverException(id + " does not exist", "apply first");
            }
        });
    }

    @Override
    public void discardOverlay(MachineId id) throws DriverException, InterruptedException {
        perform(id, vm -> {
            requireStopped(id);
            Disks.discardOverlay(vm.files());
        });
    }

    @Override
    public void saveSpec(MachineId id, MachineSpec spec) throws DriverException, InterruptedException {
        perform(id, _ -> {
            boolean runs = vmms.find(id, store.find(id).flatMap(MachineRecord::process)).isPresent();
            if (!store.update(id, record -> (runs ? record.withDesired(Desired.RUNNING) : record).withSpec(spec))) {
                store.save(MachineRecord.created(id, spec, clock.instant()));
            }
        });
    }

    @Override
    public void remove(MachineId id, boolean withStorage) throws DriverException, InterruptedException {
        perform(id, vm -> {
            requireStopped(id);
            volumes.end(vm);
            bridges.leave(id);
            devices.release(id);
            store.remove(id, withStorage);
        });
    }

    @Override
    public ExecResult exec(MachineId id, List<String> command, byte[] stdin)
            throws DriverException, InterruptedException {
        return attempt(id, () -> commands.run(vm(id), command, stdin));
    }

    /** The program and its arguments: of the machine's VMM when it runs, else as it would be started. */
    public List<String> commandLine(MachineId id) throws DriverException, InterruptedException {
        return attempt(id, () -> starter.commandLine(vm(id)));
    }

    @Override
    public List<String> lastOutput(MachineId id) {
        return AttemptLog.lastLines(files(id).runLog(), OUTPUT_LINES);
    }

    /** Output of the machine's command, over all boots, with the {@link AttemptLog marks} of its attempts. */
    public Path runLog(MachineId id) {
        return files(id).runLog();
    }

    private static boolean hasKvm(VmmRecord vmm) {
        return vmm.booted().accelerator() == Accelerator.KVM;
    }

    private MachineFiles files(MachineId id) {
        return store.layout().machine(id);
    }

    private Vm vm(MachineId id) {
        return Vm.of(id, files(id));
    }

    /** Disks of a machine whose VMM has them open must not be touched. */
    private void requireStopped(MachineId id) throws DriverException, IOException {
        Optional<ProcessIdentity> vmm = vmms.find(id, Optional.empty());
        if (vmm.isPresent()) {
            throw new DriverException(id + " still runs (process " + vmm.get().pid() + ")", "stop it first");
        }
    }

    private interface Operation {
        void on(Vm vm) throws DriverException, InterruptedException, IOException;
    }

    private interface Question<T> {
        T answer() throws DriverException, InterruptedException, IOException;
    }

    private void perform(MachineId id, Operation operation) throws DriverException, InterruptedException {
        attempt(id, () -> {
            operation.on(vm(id));
            return true;
        });
    }

    private static <T> T attempt(Object subject, Question<T> question) throws DriverException, InterruptedException {
        try {
            return question.answer();
        } catch (ClosedByInterruptException e) {
            // How an interrupt arrives at a thread that reads a file: it says nothing about the file.
            Thread.interrupted();
            throw new InterruptedException(subject + ": interrupted");
        } catch (IOException e) {
            throw StoreFailure.of(subject, e);
        } catch (UncheckedIOException e) {
            throw StoreFailure.of(subject, Objects.requireNonNull(e.getCause()));
        }
    }
}
