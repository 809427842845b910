package dev.provision.hypervisor.qemu;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import dev.provision.hypervisor.DriverException;
import dev.provision.hypervisor.host.HostShortage;
import dev.provision.hypervisor.host.process.ProcessIdentity;
import dev.provision.hypervisor.image.GuestImage;
import dev.provision.hypervisor.qemu.bridges.Bridges;
import dev.provision.hypervisor.qemu.commandline.CommandLineInput;
import dev.provision.hypervisor.qemu.commandline.GuestSettings;
import dev.provision.hypervisor.qemu.commandline.MachineType;
import dev.provision.hypervisor.qemu.commandline.QemuCommandLine;
import dev.provision.hypervisor.qemu.devices.PinnedMemory;
import dev.provision.hypervisor.qemu.devices.TakenDevices;
import dev.provision.hypervisor.qemu.isolation.UserSeparation;
import dev.provision.hypervisor.qemu.isolation.VmmUser;
import dev.provision.hypervisor.qemu.vm.StartFailure;
import dev.provision.hypervisor.qemu.vm.Vm;
import dev.provision.hypervisor.qemu.vm.VmmProcesses;
import dev.provision.hypervisor.store.Desired;
import dev.provision.hypervisor.store.FolderOwner;
import dev.provision.hypervisor.store.MachineFiles;
import dev.provision.hypervisor.store.MachineRecord;
import dev.provision.hypervisor.store.MachineStore;
import dev.provision.hypervisor.store.PrivateFiles;
import dev.provision.hypervisor.store.VmmAccess;
import dev.provision.hypervisor.store.VmmRecord;
import dev.provision.planner.host.DriverDeclaration;
import dev.provision.planner.host.MachineTypeChoice;
import dev.provision.planner.observed.Booted;
import dev.provision.schema.fleet.MachineSpec;
/**
 * Makes VMMs: their settings, disks, logs and command line, and as whom and within what they run. The record is written before
 * the process exists, with all but its pid, and again with it: killed in between, this leaves a VMM that is found by its
 * argv and adopted.
 */
final class Launcher {

    private final MachineStore store;
    private final QemuSetup setup;
    private final DriverDeclaration driver;
    private final ImageSource images;
    private final VmmProcesses vmms;
    private final Spawner spawner;
    private final Confinement confinement;
    private final TakenDevices devices;
    private final Bridges bridges;
    private final UserSeparation users;
    private final InstantSource clock;

    Launcher(MachineStore store, QemuSetup setup, DriverDeclaration driver, ImageSource images, VmmProcesses vmms,
            Spawner spawner, Confinement confinement, TakenDevices devices, Bridges bridges, InstantSource clock) {
        this.store = store;
        this.setup = setup;
        this.driver = driver;
        this.images = images;
        this.vmms = vmms;
        this.spawner = spawner;
        this.confinement = confinement;
        this.devices = devices;
        this.bridges = bridges;
        this.users = new UserSeparation(store.layout(), setup.accelerator(),
                tool -> spawner.locate(tool).isPresent());
        this.clock = clock;
    }

    /**
     * Makes what the VMM needs and starts it.
     *
     * @return its process, which need not answer yet
     */
    ProcessIdentity launch(Vm vm, MachineRecord record, MachineSpec spec)
            throws DriverException, InterruptedException, IOException {
        GuestImage image = image(vm, spec);
        Path binary = binary(vm);
        Instant now = clock.instant();
        prepare(vm, spec, now);
        requireOwnRuntime(vm);
        Optional<VmmUser> user = users.user(vm.id(), spec, List.of(image.kernel(), image.initrd()));
        VmmAccess access = new VmmAccess(store.layout());
        if (user.isPresent()) {
            access.grant(vm.id(), user.get().id());
            devices.open(record.devices(), user.get().id());
        } else {
            access.withdraw(vm.id());
        }
        VmmRecord vmm = VmmRecord.starting(booted(spec, image), image.name(), now.truncatedTo(ChronoUnit.MILLIS),
                confinement.make(vm, spec));
        MachineRecord starting = record.withSpec(spec).withDesired(Desired.RUNNING).withVmm(vmm);
        store.save(starting);
        long pid = bridges.join(vm.id(), spec, taps -> run(vm, argv(vm, record, spec, image, binary),
                new Spawner.Bounds(vmm.groups(), spec.resources().placement().cpuset(), user,
                        PinnedMemory.most(record.devices(), spec), opened(image), taps)));
        ProcessIdentity identity = vmms.identify(vm.id(), pid).orElseThrow(() -> StartFailure.of(vm));
        store.save(starting.withVmm(vmm.withProcess(identity)));
        return identity;
    }

    /** The program and its arguments, as {@link #launch} would start it. */
    List<String> commandLine(Vm vm, MachineRecord record) throws DriverException, IOException {
        return argv(vm, record, record.spec(), image(vm, record.spec()), binary(vm));
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

    private long run(Vm vm, List<String> argv, Spawner.Bounds bounds) throws DriverException {
        try {
            return spawner.spawn(vm.id(), argv, vm.files(), bounds);
        } catch (IOException e) {
            // Nothing of the store: a program that is missing, or a limit of this user's processes.
            throw HostShortage.of(e)
                    .filter(HostShortage::isOfProcess)
                    // Not in the JDK's words, which guess at its own installation for half a page.
                    .map(shortage -> DriverException.passing(vm.id() + " does not start: " + shortage.clause(),
                            shortage.fix(), e))
                    .orElseGet(() -> new DriverException(vm.id() + " does not start: " + e.getMessage(),
                            "install what is missing (setsid is in util-linux)", e));
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
        MachineTypeChoice choice = driver.choose(spec);
        return new Booted(setup.accelerator(), choice.capabilities().machineType(),
                spec.resources().cpus().max().vcpus(), spec.resources().memory().max(), image.digest(),
                Optional.of(choice.met()));
    }

    private void prepare(Vm vm, MachineSpec spec, Instant now) throws IOException {
        MachineFiles files = vm.files();
        store.layout().requireSocketsFit(vm.id());
        for (Path directory : List.of(files.directory(), files.settings(), files.sockets())) {
            PrivateFiles.makeDirectories(directory);
        }
        int attempts = BootLogs.begin(files);
        PrivateFiles.removeUnfinished(files.settings()); // there may be secrets in it
        for (GuestSettings.File file : GuestSettings.File.values()) {
            PrivateFiles.replace(files.setting(file.word()),
                    GuestSettings.text(file, vm.id(), spec, now, attempts).getBytes(StandardCharsets.UTF_8));
        }
        Disks.ensure(files, spec);
    }

    private List<String> argv(Vm vm, MachineRecord record, MachineSpec spec, GuestImage image, Path binary) {
        List<Path> opened = opened(image);
        List<String> argv = new ArrayList<>();
        argv.add(binary.toString());
        MachineTypeChoice choice = driver.choose(spec);
        argv.addAll(QemuCommandLine.of(new CommandLineInput(vm.id(), spec,
                MachineType.named(choice.capabilities().machineType()), choice.met(), setup.accelerator(),
                setup.tscKhz(), setup.sandbox(), asOpened(image.kernel().toAbsolutePath(), opened),
                asOpened(image.initrd().toAbsolutePath(), opened), vm.files(), record.devices())));
        return argv;
    }
}
