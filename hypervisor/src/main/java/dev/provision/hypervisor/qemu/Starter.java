package dev.provision.hypervisor.qemu;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import dev.provision.hypervisor.DriverException;
import dev.provision.hypervisor.host.process.ProcessIdentity;
import dev.provision.hypervisor.image.GuestImage;
import dev.provision.hypervisor.qemu.channel.Deadline;
import dev.provision.hypervisor.qemu.commandline.CommandLineInput;
import dev.provision.hypervisor.qemu.commandline.GuestSettings;
import dev.provision.hypervisor.qemu.commandline.QemuCommandLine;
import dev.provision.hypervisor.qemu.isolation.UserSeparation;
import dev.provision.hypervisor.qemu.isolation.VmmUser;
import dev.provision.hypervisor.qemu.qmp.QmpException;
import dev.provision.hypervisor.qemu.vm.StartFailure;
import dev.provision.hypervisor.qemu.vm.Vm;
import dev.provision.hypervisor.qemu.vm.VmmProcesses;
import dev.provision.hypervisor.qemu.volumes.VolumeServers;
import dev.provision.hypervisor.store.Desired;
import dev.provision.hypervisor.store.FolderOwner;
import dev.provision.hypervisor.store.MachineFiles;
import dev.provision.hypervisor.store.MachineRecord;
import dev.provision.hypervisor.store.MachineStore;
import dev.provision.hypervisor.store.PrivateFiles;
import dev.provision.hypervisor.store.VmmAccess;
import dev.provision.hypervisor.store.VmmRecord;
import dev.provision.planner.observed.Booted;
import dev.provision.schema.fleet.MachineSpec;

/**
 * Starts VMMs. The record is written before the process exists, with all but its pid, and again with it: killed in
 * between, this leaves a VMM that is found by its argv and adopted.
 */
final class Starter {
    /** A VMM greets within 35 ms on an idle host; many at once on a small one take their turns. */
    private static final Duration MONITOR_TIMEOUT = Duration.ofSeconds(60);
    private static final Duration ATTEMPT = Duration.ofSeconds(2);
    private static final Duration POLL = Duration.ofMillis(10);

    private final MachineStore store;
    private final QemuSetup setup;
    private final ImageSource images;
    private final VmmProcesses vmms;
    private final Spawner spawner;
    private final Confinement confinement;
    private final VolumeServers volumes;
    private final UserSeparation users;
    private final InstantSource clock;

    Starter(MachineStore store, QemuSetup setup, ImageSource images, VmmProcesses vmms, Spawner spawner,
            Confinement confinement, VolumeServers volumes, UserSeparation users, InstantSource clock) {
        this.store = store;
        this.setup = setup;
        this.images = images;
        this.vmms = vmms;
        this.spawner = spawner;
        this.confinement = confinement;
        this.volumes = volumes;
        this.users = users;
        this.clock = clock;
    }

    void start(Vm vm, MachineSpec spec) throws DriverException, InterruptedException, IOException {
        MachineRecord record = store.find(vm.id()).orElseGet(() -> MachineRecord.created(vm.id(), spec));
        Optional<ProcessIdentity> running = vmms.find(vm.id(), record.vmm().flatMap(VmmRecord::process));
        if (running.isPresent()) {
            adopt(record, running.get());
            awaitMonitor(vm, running.get(), record.spec());
        } else {
            volumes.start(vm, spec);
            try {
                awaitMonitor(vm, spawn(vm, record, spec), spec);
            } catch (DriverException | InterruptedException | IOException | RuntimeException e) {
                endVolumesOfNobody(vm, e);
                throw e;
            }
        }
    }

    /** A VMM that merely does not answer keeps them. */
    private void endVolumesOfNobody(Vm vm, Exception reason) throws IOException {
        if (vmms.find(vm.id(), Optional.empty()).isEmpty()) {
            volumes.endAfter(vm, reason);
        }
    }

    /** The program and its arguments: of the VMM that runs, else of the one that {@link #start} would spawn. */
    List<String> commandLine(Vm vm) throws DriverException, IOException {
        MachineRecord record = store.find(vm.id())
                .orElseThrow(() -> new DriverException(vm.id() + " does not exist", "apply first"));
        Optional<List<String>> running = vmms.argv(vm.id(), record.vmm().flatMap(VmmRecord::process));
        return running.isPresent() ? running.get()
                : argv(vm, record.spec(), image(vm, record.spec()), binary(vm));
    }

    private void adopt(MachineRecord record, ProcessIdentity running) throws IOException {
        MachineRecord adopted = record.vmm()
                .map(vmm -> record.withVmm(vmm.withProcess(running)))
                .orElse(record)
                .withDesired(Desired.RUNNING);
        if (!adopted.equals(record)) {
            store.save(adopted);
        }
    }

    private ProcessIdentity spawn(Vm vm, MachineRecord record, MachineSpec spec) throws DriverException, IOException {
        GuestImage image = image(vm, spec);
        Path binary = binary(vm);
        Instant now = clock.instant();
        prepare(vm, spec, now);
        requireOwnRuntime(vm);
        Optional<VmmUser> user = users.user(vm.id(), spec, List.of(image.kernel(), image.initrd()));
        if (user.isPresent()) {
            new VmmAccess(store.layout()).grant(vm.id(), user.get().id());
        }
        VmmRecord vmm = VmmRecord.starting(booted(spec, image), image.name(), now.truncatedTo(ChronoUnit.MILLIS),
                confinement.make(vm, spec));
        MachineRecord starting = record.withSpec(spec).withDesired(Desired.RUNNING).withVmm(vmm);
        store.save(starting);
        long pid = launch(vm, argv(vm, spec, image, binary), new Spawner.Bounds(vmm.groups(),
                spec.resources().placement().cpuset(), user, opened(image)));
        ProcessIdentity identity = vmms.identify(pid).orElseThrow(() -> StartFailure.of(vm));
        store.save(starting.withVmm(vmm.withProcess(identity)));
        return identity;
    }

    /** Files of an image that lies where VMMs of other users cannot go, as a checkout of root's: they are handed over open. */
    private List<Path> opened(GuestImage image) {
        return users.hidden(List.of(image.kernel().toAbsolutePath(), image.initrd().toAbsolutePath()));
    }

    private static Path asOpened(Path file, List<Path> opened) {
        int place = opened.indexOf(file);
        return place < 0 ? file : Spawner.opened(place);
    }

    /** Looked at before every command too; but until it is made, it is anybody's to make. */
    private void requireOwnRuntime(Vm vm) throws DriverException, IOException {
        Path runtime = store.layout().runtimeDir();
        Optional<String> problem = FolderOwner.problem(runtime);
        if (problem.isPresent()) {
            throw new DriverException(vm.id() + " does not start: the runtime folder " + runtime + " " + problem.get(),
                    "name a folder of your own in PROVISION_RUNTIME_DIR");
        }
    }

    private long launch(Vm vm, List<String> argv, Spawner.Bounds bounds) throws DriverException {
        try {
            return spawner.spawn(vm.id(), argv, vm.files(), bounds);
        } catch (IOException e) {
            // Nothing of the store: a program that is missing, or a limit of this user's processes.
            throw new DriverException(vm.id() + " does not start: " + e.getMessage(),
                    "install what is missing (setsid is in util-linux; perl), or raise the limit of processes (`ulimit -u`)",
                    e);
        }
    }

    private Path binary(Vm vm) throws DriverException {
        return spawner.locate(setup.binary())
                .orElseThrow(() -> new DriverException(vm.id() + " does not start: " + setup.binary()
                        + " is not installed", "install QEMU 7.2 or newer"));
    }

    private GuestImage image(Vm vm, MachineSpec spec) throws DriverException, IOException {
        return images.find(spec.image())
                .orElseThrow(() -> new DriverException(vm.id() + ": there is no image `" + spec.image() + "`",
                        "name an image that exists, or build this one"));
    }

    private Booted booted(MachineSpec spec, GuestImage image) {
        return new Booted(setup.accelerator(), setup.machineType().qemuName(), spec.resources().cpus().max().vcpus(),
                spec.resources().memory().max(), image.digest());
    }

    private void prepare(Vm vm, MachineSpec spec, Instant now) throws IOException {
        MachineFiles files = vm.files();
        store.layout().requireSocketsFit(vm.id());
        for (Path directory : List.of(files.directory(), files.settings(), files.sockets())) {
            PrivateFiles.makeDirectories(directory);
        }
        for (GuestSettings.File file : GuestSettings.File.values()) {
            PrivateFiles.replace(files.setting(file.word()),
                    GuestSettings.text(file, vm.id(), spec, now).getBytes(StandardCharsets.UTF_8));
        }
        Disks.ensure(files, spec);
        BootLogs.begin(files);
    }

    private List<String> argv(Vm vm, MachineSpec spec, GuestImage image, Path binary) {
        List<Path> opened = opened(image);
        List<String> argv = new ArrayList<>();
        argv.add(binary.toString());
        argv.addAll(QemuCommandLine.of(new CommandLineInput(vm.id(), spec, setup.machineType(), setup.accelerator(),
                setup.tscKhz(), setup.sandbox(), asOpened(image.kernel().toAbsolutePath(), opened),
                asOpened(image.initrd().toAbsolutePath(), opened), vm.files())));
        return argv;
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
