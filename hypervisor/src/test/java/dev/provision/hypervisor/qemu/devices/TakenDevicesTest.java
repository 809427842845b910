package dev.provision.hypervisor.qemu.devices;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.provision.hypervisor.DriverException;
import dev.provision.hypervisor.MachineId;
import dev.provision.hypervisor.host.pci.SimulatedKernel;
import dev.provision.hypervisor.qemu.Specs;
import dev.provision.hypervisor.store.MachineRecord;
import dev.provision.hypervisor.store.MachineStore;
import dev.provision.hypervisor.store.StoreLayout;
import dev.provision.planner.host.DeviceAddress;
import dev.provision.schema.fleet.MachineSpec;
import dev.provision.schema.units.ByteSize;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Devices change hands, on a tree of files that answers as a kernel would. */
class TakenDevicesTest {

    private static final DeviceAddress FIRST = new DeviceAddress("0000:01:00.0");
    private static final DeviceAddress SECOND = new DeviceAddress("0000:02:00.0");
    private static final MachineId A = new MachineId("lab", "a");
    private static final MachineId B = new MachineId("prod", "b");

    @TempDir
    private Path folder = Path.of("");

    private MachineStore store = new MachineStore(new StoreLayout(folder, folder));
    private SimulatedKernel kernel = new SimulatedKernel(folder, "nvidia");
    private TakenDevices devices = new TakenDevices(store, kernel.binding());

    @BeforeEach
    void open() throws IOException {
        store = new MachineStore(new StoreLayout(folder.resolve("state"), folder.resolve("run")));
        kernel = new SimulatedKernel(folder.resolve("sys"), "nvidia");
        kernel.device(FIRST.text());
        kernel.device(SECOND.text());
        kernel.loadVfio();
        devices = new TakenDevices(store, kernel.binding());
    }

    private Optional<String> driver(DeviceAddress device) {
        return kernel.binding().driver(device);
    }

    @Test
    void aDeviceIsTakenAndGivenBack() throws Exception {
        devices.take(A, List.of(FIRST));
        assertEquals(List.of("driver_override=vfio-pci", "unbind=0000:01:00.0", "drivers_probe=0000:01:00.0"),
                kernel.written());
        assertEquals(Optional.of("vfio-pci"), driver(FIRST));
        assertEquals(List.of(FIRST), store.takenDevices());
        devices.take(A, List.of(FIRST));
        assertEquals(List.of(), kernel.written(), "it has it");
        devices.release(A);
        assertEquals(List.of("driver_override=", "unbind=0000:01:00.0", "drivers_probe=0000:01:00.0"),
                kernel.written());
        assertEquals(Optional.of("nvidia"), driver(FIRST));
        assertEquals(List.of(), store.takenDevices());
        devices.release(A);
        assertEquals(List.of(), kernel.written());
    }

    @Test
    void whatAPersonBoundStaysBound() throws Exception {
        kernel.binding().bind(FIRST);
        kernel.written();
        devices.take(A, List.of(FIRST));
        devices.release(A);
        assertEquals(List.of(), kernel.written());
        assertEquals(Optional.of("vfio-pci"), driver(FIRST));
    }

    @Test
    void allOrNone() throws Exception {
        DeviceAddress gone = new DeviceAddress("0000:09:00.0");
        DriverException refused = assertThrows(DriverException.class, () -> devices.take(A, List.of(FIRST, gone)));
        assertTrue(String.valueOf(refused.getMessage()).contains("its device 0000:09:00.0 is not there any more"));
        assertEquals(Optional.of("nvidia"), driver(FIRST));
        assertEquals(List.of(), store.takenDevices());
    }

    @Test
    void whatTheKernelRefusesIsAsBefore() throws Exception {
        kernel.refuse();
        DriverException refused = assertThrows(DriverException.class, () -> devices.take(A, List.of(FIRST)));
        assertTrue(String.valueOf(refused.getMessage())
                .contains("the kernel did not bind 0000:01:00.0 to vfio-pci"), refused::getMessage);
        assertEquals(Optional.of("nvidia"), driver(FIRST));
        assertEquals(List.of(), store.takenDevices());
    }

    @Test
    void withoutTheKernelsDriverItSaysWhichToLoad() throws Exception {
        Files.delete(folder.resolve("sys/bus/pci/drivers/vfio-pci"));
        DriverException refused = assertThrows(DriverException.class, () -> devices.take(A, List.of(FIRST)));
        assertEquals("load it: modprobe vfio-pci", refused.fix());
        assertEquals(List.of(), kernel.written());
    }

    @Test
    void aDeviceIsInOneMachineOfTheStoreAtATime() throws Exception {
        MachineSpec spec = Specs.service("b");
        store.save(MachineRecord.created(B, spec).withDevices(List.of(FIRST)));
        devices.take(B, List.of(FIRST));
        DriverException refused = assertThrows(DriverException.class, () -> devices.take(A, List.of(FIRST)));
        assertTrue(String.valueOf(refused.getMessage()).contains("machine prod/b has its device 0000:01:00.0"));
        assertEquals(Optional.of("vfio-pci"), driver(FIRST), "b's");
        store.remove(B, true);
        devices.take(A, List.of(FIRST));
        assertEquals(List.of(FIRST), store.takenDevices());
    }

    @Test
    void otherFleetsSeeWhatAMachineHasWhetherItRunsOrNot() throws Exception {
        store.save(MachineRecord.created(B, Specs.service("b")).withDevices(List.of(SECOND, FIRST)));
        assertEquals(List.of(SECOND, FIRST), store.find(B).orElseThrow().devices(), "in their order");
        assertEquals("{0000:01:00.0=prod/b, 0000:02:00.0=prod/b}", store.devicesBeside("lab").toString());
        assertEquals("{}", store.devicesBeside("prod").toString());
    }

    @Test
    void memoryMayBeLockedOnlyWhereItMust() {
        MachineSpec spec = Specs.service("a");
        assertEquals(Optional.of(spec.resources().memory().max().plus(ByteSize.ofGib(1))),
                PinnedMemory.most(List.of(FIRST), spec));
        assertEquals(Optional.empty(), PinnedMemory.most(List.of(), spec));
        assertFalse(spec.resources().takesDevices());
    }
}
