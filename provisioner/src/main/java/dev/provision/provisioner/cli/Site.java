package dev.provision.provisioner.cli;

import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

import dev.provision.hypervisor.Driver;
import dev.provision.hypervisor.host.HostCapacities;
import dev.provision.hypervisor.host.HostFacts;
import dev.provision.hypervisor.host.HostProbe;
import dev.provision.hypervisor.host.accelerator.AcceleratorDecision;
import dev.provision.hypervisor.host.accelerator.AcceleratorDecision.Chosen;
import dev.provision.hypervisor.host.accelerator.AcceleratorDecision.Refused;
import dev.provision.hypervisor.host.accelerator.AcceleratorProbe;
import dev.provision.hypervisor.host.accelerator.AcceleratorRequest;
import dev.provision.hypervisor.host.process.Processes;
import dev.provision.hypervisor.image.BuiltinRecipe;
import dev.provision.hypervisor.image.ImageStore;
import dev.provision.hypervisor.qemu.QemuDriver;
import dev.provision.hypervisor.qemu.QemuSetup;
import dev.provision.hypervisor.qemu.commandline.MachineType;
import dev.provision.hypervisor.store.BootTimes;
import dev.provision.hypervisor.store.FleetLock;
import dev.provision.hypervisor.store.FleetLockedException;
import dev.provision.hypervisor.store.MachineStore;
import dev.provision.planner.plan.Planner;
import dev.provision.planner.schedule.Estimates;
import dev.provision.provisioner.convergence.Timekeeper;
import dev.provision.provisioner.events.Event;

/** This host put together: directories, store, images, accelerator, driver. The one place that knows how they join. */
final class Site {

    /** What the microvm machine type allows (hw/i386/microvm.c: max_cpus). */
    private static final int MICROVM_VCPUS = 288;

    private final Directories directories;
    private final ImageStore images;
    private final HostFacts facts;
    private final AcceleratorDecision decision;

    private Site(Directories directories, HostFacts facts, AcceleratorDecision decision) {
        this.directories = directories;
        this.images = new ImageStore(directories.imageRoots());
        this.facts = facts;
        this.decision = decision;
    }

    static Site ofThisHost(AcceleratorRequest request) throws IOException {
        Directories directories = Directories.ofEnvironment(System.getenv());
        HostFacts facts = HostProbe.ofThisHost().facts();
        AcceleratorProbe probe = AcceleratorProbe.cachedIn(directories.cache().resolve("kvm-self-test"));
        return new Site(directories, facts, probe.decide(request));
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

    private Chosen chosen() {
        return switch (decision) {
            case Chosen chosen -> chosen;
            case Refused refused -> throw new CommandFailedException(ExitCode.HOST,
                    refused.requested().qemuName() + " cannot be used: " + refused.reason(), refused.remedy());
        };
    }

    Driver driver() throws IOException {
        QemuSetup setup = QemuSetup.of(MachineType.ofArchitecture(facts.architecture()),
                chosen().choice().accelerator(), facts.tscKhz());
        return new QemuDriver(directories.layout(), setup, images::find, Processes.ofThisHost(),
                System.getenv().getOrDefault("PATH", "/usr/bin:/bin"), InstantSource.system());
    }

    /** What plans for this fleet go by. */
    Planner.Host host(String fleet) throws IOException {
        var capacity = HostCapacities.capacity(facts, chosen(), HostProbe.freeDisk(directories.state()), MICROVM_VCPUS);
        return new Planner.Host(capacity, chosen().choice(), images.names(), Set.of(BuiltinRecipe.IMAGE_NAME),
                Estimates.from(bootTimes().read(), fleet, chosen().choice().accelerator()), driver().capabilities(),
                imageDigests());
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

    /** Writes down how long things take while a plan of this fleet is executed. */
    Consumer<Event> timekeeper(String fleet) {
        return new Timekeeper(bootTimes(), fleet, chosen().choice().accelerator());
    }

    FleetLock lock(String fleet, String command) throws IOException {
        try {
            return FleetLock.acquire(directories.layout(), fleet, command, Instant.now());
        } catch (FleetLockedException e) {
            throw new CommandFailedException(ExitCode.FAILED, String.valueOf(e.getMessage()),
                    "wait until it has ended, then try again");
        }
    }
}
