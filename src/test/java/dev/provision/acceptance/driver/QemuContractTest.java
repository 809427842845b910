package dev.provision.acceptance.driver;

import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;

import org.junit.jupiter.api.Nested;

import dev.provision.hypervisor.Driver;
import dev.provision.hypervisor.host.HostProbe;
import dev.provision.hypervisor.host.process.Processes;
import dev.provision.hypervisor.image.ImageStore;
import dev.provision.hypervisor.qemu.QemuDriver;
import dev.provision.hypervisor.qemu.QemuSetup;
import dev.provision.hypervisor.qemu.commandline.MachineType;
import dev.provision.hypervisor.store.StoreLayout;
import dev.provision.planner.host.Accelerator;

/** The driver of QEMU keeps its contract, with real VMMs. Under TCG, which every host has. */
class QemuContractTest {

    static Driver open(Path store) throws IOException {
        var tscKhz = HostProbe.ofThisHost().facts().tscKhz();
        var images = new ImageStore(List.of(Path.of("../../provisioner/target/provision/guest")));
        return new QemuDriver(new StoreLayout(store.resolve("state"), store.resolve("run")),
                QemuSetup.of(MachineType.MICROVM, Accelerator.TCG, tscKhz), images::find, Processes.ofThisHost(),
                System.getenv("PATH"), InstantSource.system());
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
}
