package dev.provision.acceptance.driver;

import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.provision.hypervisor.Driver;
import dev.provision.hypervisor.host.HostProbe;
import dev.provision.hypervisor.host.process.Processes;
import dev.provision.hypervisor.image.ImageStore;
import dev.provision.hypervisor.qemu.QemuDriver;
import dev.provision.hypervisor.qemu.QemuSetup;
import dev.provision.hypervisor.qemu.Specs;
import dev.provision.hypervisor.qemu.commandline.MachineType;
import dev.provision.hypervisor.store.StoreLayout;
import dev.provision.planner.host.Accelerator;
import dev.provision.planner.host.DriverDeclaration;
import dev.provision.schema.fleet.CpuRange;
import dev.provision.schema.fleet.MachineSpec;
import dev.provision.schema.fleet.MemoryRange;

import static org.junit.jupiter.api.Assertions.assertEquals;

/** The driver of QEMU keeps its contract, with real VMMs. Under TCG, which every host has. */
class QemuContractTest {

    static Driver open(Path store) throws IOException {
        var tscKhz = HostProbe.ofThisHost().facts().tscKhz();
        var images = new ImageStore(List.of(Path.of("../../provisioner/target/provision/guest")));
        return new QemuDriver(new StoreLayout(store.resolve("state"), store.resolve("run")),
                QemuSetup.of(MachineType.MICROVM, Accelerator.TCG, tscKhz), images::find, Processes.ofThisHost(),
                System.getenv("PATH"), InstantSource.system());
    }

    /** What only another machine type has: memory and vCPUs beyond the limits are not there when it boots. */
    static MachineSpec hotplug(MachineSpec spec) {
        var resources = spec.resources();
        MemoryRange memory = resources.memory();
        return spec.with(resources
                .with(new CpuRange(resources.cpus().request(), resources.cpus().limit(), resources.cpus().max(), true))
                .with(new MemoryRange(memory.request(), memory.limit(), memory.max(), memory.hard(),
                        Optional.of(true))));
    }

    @Test
    void plainMachinesAreTriedOnMicrovmAndOthersOnQ35(@TempDir Path store) throws IOException {
        MachineSpec plain = Specs.service("a");
        DriverDeclaration declared = open(store).capabilities();
        var types = Stream.of(plain, hotplug(plain))
                .map(spec -> declared.choose(spec).bootsOn().machineType())
                .toList();
        assertEquals(List.of("microvm", "q35"), types);
    }

    @Nested
    class Lifecycle extends LifecycleContract {
        @Override
        Driver open(Path store) throws IOException {
            return QemuContractTest.open(store);
        }
    }

    @Nested
    class Live extends LiveContract {
        @Override
        Driver open(Path store) throws IOException {
            return QemuContractTest.open(store);
        }
    }

    /** On q35, which is chosen for what is plugged in. */
    @Nested
    class LifecycleWithHotplug extends LifecycleContract {
        @Override
        Driver open(Path store) throws IOException {
            return QemuContractTest.open(store);
        }

        @Override
        MachineSpec booted(MachineSpec spec) {
            return hotplug(spec);
        }
    }

    /** On q35, which is chosen for what is plugged in. */
    @Nested
    class LiveWithHotplug extends LiveContract {
        @Override
        Driver open(Path store) throws IOException {
            return QemuContractTest.open(store);
        }

        @Override
        MachineSpec booted(MachineSpec spec) {
            return hotplug(spec);
        }
    }
}
