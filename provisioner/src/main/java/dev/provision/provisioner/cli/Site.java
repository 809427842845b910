package dev.provision.provisioner.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.function.Consumer;
import java.util.stream.Stream;

import dev.provision.hypervisor.FleetObserver;
import dev.provision.hypervisor.host.HostFacts;
import dev.provision.hypervisor.host.HostProbe;
import dev.provision.hypervisor.host.accelerator.AcceleratorDecision;
import dev.provision.hypervisor.host.accelerator.AcceleratorDecision.Chosen;
import dev.provision.hypervisor.host.accelerator.AcceleratorDecision.Refused;
import dev.provision.hypervisor.host.accelerator.AcceleratorProbe;
import dev.provision.hypervisor.host.accelerator.AcceleratorRequest;
import dev.provision.hypervisor.host.process.ProcessIdentity;
import dev.provision.hypervisor.host.process.Processes;
import dev.provision.hypervisor.image.BuiltinRecipe;
import dev.provision.hypervisor.image.ImageStore;
import dev.provision.hypervisor.qemu.QemuDriver;
import dev.provision.hypervisor.qemu.QemuSetup;
import dev.provision.hypervisor.qemu.commandline.MachineType;
import dev.provision.hypervisor.qemu.isolation.UserSeparation;
import dev.provision.hypervisor.qemu.vm.VmmProcesses;
import dev.provision.hypervisor.qemu.volumes.VolumeSupport;
import dev.provision.hypervisor.store.BootTimes;
import dev.provision.hypervisor.store.MachineStore;
import dev.provision.planner.host.Accelerator;
import dev.provision.planner.host.DriverCapabilities.Lack;
import dev.provision.planner.host.HostCapacity;
import dev.provision.planner.observed.ObservedFleet;
import dev.provision.planner.plan.Plan;
import dev.provision.planner.plan.Planner;
import dev.provision.planner.schedule.Estimates;
import dev.provision.provisioner.convergence.Timekeeper;
import dev.provision.provisioner.events.Event;
import dev.provision.schema.devices.DeviceCatalogue;
import dev.provision.schema.fleet.DeviceSelector;
import dev.provision.schema.fleet.Fleet;
import dev.provision.schema.fleet.MachineSpec;

/** This host put together: directories, store, images, accelerator, driver. The one place that knows how they join. */
final class Site {

    private static final String SELF_TEST = "kvm-self-test";

    private final Directories directories;
    private final ImageStore images;
    private final HostFacts facts;
    private final AcceleratorDecision decision;
    private final Map<String, DeviceSelector> deviceNames;

    private Site(Directories directories, HostFacts facts, AcceleratorDecision decision,
            Map<String, DeviceSelector> deviceNames) {
        this.directories = directories;
        this.images = new ImageStore(directories.imageRoots());
        this.facts = facts;
        this.decision = decision;
        this.deviceNames = Map.copyOf(deviceNames);
    }

    /** For commands that change something; what it finds out about the host is kept. */
    static Site ofThisHost(AcceleratorRequest request) throws IOException {
        Directories directories = Directories.ofEnvironment(System.getenv());
        return of(directories, AcceleratorProbe.cachedIn(directories.cache().resolve(SELF_TEST)), request);
    }

    /** For commands that only look: no file is written. */
    static Site toLookAt(AcceleratorRequest request) throws IOException {
        Directories directories = Directories.ofEnvironment(System.getenv());
        return of(directories, AcceleratorProbe.readOnly(directories.cache().resolve(SELF_TEST)), request);
    }

    private static Site of(Directories directories, AcceleratorProbe probe, AcceleratorRequest request)
            throws IOException {
        return new Site(directories, HostProbe.ofThisHost().facts(), probe.decide(request), Map.of());
    }

    MachineStore store() {
        return new MachineStore(directories.layout());
    }

    ImageStore images() {
        return images;
    }

    Directories directories() {
        return directories;
    }

    HostFacts facts() {
        return facts;
    }

    AcceleratorDecision accelerator() {
        return decision;
    }

    /** As whom VMMs run here. */
    UserSeparation users() throws IOException {
        Accelerator accelerator = decision instanceof Chosen chosen ? chosen.choice().accelerator() : Accelerator.TCG;
        return UserSeparation.of(directories.layout(), accelerator, searchPath());
    }

    /** What this host lacks to serve volumes; empty when it can. */
    Optional<Lack> volumes() {
        return VolumeSupport.lack(tool -> Stream.of(searchPath().split(":"))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, tool))));
    }

    private static String searchPath() {
        return System.getenv().getOrDefault("PATH", "/usr/bin:/bin");
    }

    private Chosen chosen() {
        return switch (decision) {
            case Chosen chosen -> chosen;
            case Refused refused -> throw new CommandFailedException(ExitCode.HOST,
                    refused.requested().qemuName() + " cannot be used: " + refused.reason(), refused.remedy());
        };
    }

    /** What plans ask about machines. */
    FleetObserver observer() throws IOException {
        return driver();
    }

    QemuDriver driver() throws IOException {
        QemuSetup setup = QemuSetup.of(MachineType.ofArchitecture(facts.architecture()),
                chosen().choice().accelerator(), facts.tscKhz());
        return new QemuDriver(directories.layout(), setup, images::find, Processes.ofThisHost(),
                searchPath(), InstantSource.system());
    }

    /** The VMMs of a fleet that run, by machine. */
    SortedMap<String, ProcessIdentity> vmms(String fleet) throws IOException {
        return new VmmProcesses(Processes.ofThisHost(), directories.layout()).ofFleet(fleet);
    }

    /** What plans for this fleet go by, when they start nothing. */
    Planner.Host host(String fleet) throws IOException {
        return host(fleet, List.of());
    }

    /** What plans for this fleet go by, with what is in the way of these machines: who holds their ports, which folders are missing. */
    Planner.Host host(String fleet, Collection<MachineSpec> machines) throws IOException {
        HostCapacity capacity = new Measurement(this, fleet, machines).capacity(chosen(), deviceNames);
        return new Planner.Host(capacity, chosen().choice(), images.names(), Set.of(BuiltinRecipe.IMAGE_NAME),
                Estimates.from(bootTimes().read(), fleet, chosen().choice().accelerator()), driver().capabilities(),
                imageDigests());
    }

    /** The same host, whose devices have the names of its own catalogue. */
    Site naming() {
        return naming(DeviceCatalogue.names(directories.devices()));
    }

    /** The same host, whose devices have these names. */
    Site naming(Map<String, DeviceSelector> names) {
        return new Site(directories, facts, decision, names);
    }

    private Map<String, String> imageDigests() throws IOException {
        Map<String, String> digests = new HashMap<>();
        for (String name : images.names()) {
            try {
                images.find(name).ifPresent(image -> digests.put(name, image.digest()));
            } catch (IOException e) {
                // Who boots a machine from it is told; for who does not, it need not be readable.
            }
        }
        return digests;
    }

    BootTimes bootTimes() {
        return new BootTimes(directories.layout());
    }

    /** Writes down how long things take while this plan is executed. */
    Consumer<Event> timekeeper(Plan plan) {
        return new Timekeeper(bootTimes(), plan, chosen().choice().accelerator());
    }

    /** As {@link #host(String, Collection)}, for all machines of the fleet, as they will be. */
    Planner.Host host(Fleet fleet, ObservedFleet observed) throws IOException {
        return host(fleet.name(), Planner.wanted(fleet, observed));
    }
}
