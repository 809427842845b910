package dev.provision.hypervisor.qemu.devices;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.provision.hypervisor.DriverException;
import dev.provision.hypervisor.MachineId;
import dev.provision.hypervisor.host.pci.SimulatedKernel;
import dev.provision.hypervisor.qemu.Specs;
import dev.provision.hypervisor.store.DeviceClaims;
import dev.provision.hypervisor.store.MachineRecord;
import dev.provision.hypervisor.store.MachineStore;
import dev.provision.hypervisor.store.StoreLayout;
import dev.provision.planner.host.DeviceAddress;
import dev.provision.planner.host.DeviceInventory;
import dev.provision.planner.host.DriverCapabilities.Lack;
import dev.provision.planner.host.HostDevice;
import dev.provision.schema.fleet.DeviceRequest;
import dev.provision.schema.fleet.DeviceSelector;
import dev.provision.schema.fleet.GpuModel;
import dev.provision.schema.fleet.MachineSpec;
import dev.provision.schema.fleet.Resources;
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
    private TakenDevices devices = new TakenDevices(store, kernel.binding(), this::inventory);
    private Optional<Lack> unusable = Optional.empty();
    private List<DeviceAddress> companions = List.of();

    @BeforeEach
    void open() throws IOException {
        store = new MachineStore(new StoreLayout(folder.resolve("state"), folder.resolve("run")));
        kernel = new SimulatedKernel(folder.resolve("sys"), "nvidia");
        kernel.device(FIRST.text());
        kernel.device(SECOND.text());
        kernel.loadVfio();
        devices = new TakenDevices(store, kernel.binding(), this::inventory);
    }

    private DeviceInventory inventory() {
        return new DeviceInventory(List.of(device(FIRST, companions), device(SECOND, List.of())), Map.of());
    }

    private HostDevice device(DeviceAddress address, List<DeviceAddress> group) {
        return new HostDevice(address, "10de:1eb8", "T4", true, Optional.of(GpuModel.T4), Optional.empty(),
                OptionalInt.empty(), group, driver(address).filter(name -> !name.equals("vfio-pci")),
                address.equals(FIRST) ? unusable : Optional.empty(), Optional.empty());
    }

    /** By a machine that names them by their addresses. */
    private void take(MachineId id, DeviceAddress... addresses) throws Exception {
        devices.take(id, asking(new DeviceSelector.PciAddress(FIRST.text()),
                new DeviceSelector.PciAddress(SECOND.text())), List.of(addresses));
    }

    private static Resources asking(DeviceSelector... selectors) {
        Resources r = Specs.service("a").resources();
        return new Resources(r.cpus(), r.placement(), r.memory(), r.swap(), r.overlay(), r.storage(), r.disks(),
                r.io(), r.shm(), Optional.empty(),
                Arrays.stream(selectors).map(selector -> new DeviceRequest(selector, 1)).toList());
    }

    private String refusal(Resources resources, DeviceAddress... addresses) throws Exception {
        DriverException refused = assertThrows(DriverException.class,
                () -> devices.take(A, resources, List.of(addresses)));
        assertEquals(List.of(), kernel.written(), "the kernel was not asked for anything");
        assertEquals(List.of(), store.takenDevices(), "no claim is left");
        assertFalse(refused.fix().isBlank());
        return String.valueOf(refused.getMessage());
    }

    private Optional<String> driver(DeviceAddress device) {
        return kernel.binding().driver(device);
    }

    @Test
    void aDeviceIsTakenAndGivenBack() throws Exception {
        take(A, FIRST);
        assertEquals(List.of("driver_override=vfio-pci", "unbind=0000:01:00.0", "drivers_probe=0000:01:00.0"),
                kernel.written());
        assertEquals(Optional.of("vfio-pci"), driver(FIRST));
        assertEquals(List.of(FIRST), store.takenDevices());
        take(A, FIRST);
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
        take(A, FIRST);
        devices.release(A);
        assertEquals(List.of(), kernel.written());
        assertEquals(Optional.of("vfio-pci"), driver(FIRST));
    }

    @Test
    void allOrNone() throws Exception {
        DeviceAddress gone = new DeviceAddress("0000:09:00.0");
        DriverException refused = assertThrows(DriverException.class, () -> take(A, FIRST, gone));
        assertTrue(
                String.valueOf(refused.getMessage())
                        .contains("its device 0000:09:00.0 cannot be taken: it is not there any more"),
                refused::getMessage);
        assertEquals(Optional.of("nvidia"), driver(FIRST));
        assertEquals(List.of(), store.takenDevices());
    }

    @Test
    void whatTheKernelRefusesIsAsBefore() throws Exception {
        kernel.refuse();
        DriverException refused = assertThrows(DriverException.class, () -> take(A, FIRST));
        assertTrue(String.valueOf(refused.getMessage())
                .contains("the kernel did not bind 0000:01:00.0 to vfio-pci"), refused::getMessage);
        assertEquals(Optional.of("nvidia"), driver(FIRST));
        assertEquals(List.of(), store.takenDevices());
    }

    @Test
    void withoutTheKernelsDriverItSaysWhichToLoad() throws Exception {
        Files.delete(folder.resolve("sys/bus/pci/drivers/vfio-pci"));
        DriverException refused = assertThrows(DriverException.class, () -> take(A, FIRST));
        assertEquals("load it: modprobe vfio-pci", refused.fix());
        assertEquals(List.of(), kernel.written());
    }

    @Test
    void aDeviceIsInOneMachineOfTheStoreAtATime() throws Exception {
        MachineSpec spec = Specs.service("b");
        store.save(MachineRecord.created(B, spec).withDevices(List.of(FIRST)));
        take(B, FIRST);
        DriverException refused = assertThrows(DriverException.class, () -> take(A, FIRST));
        assertTrue(String.valueOf(refused.getMessage()).contains("machine prod/b has its device 0000:01:00.0"));
        assertEquals(Optional.of("vfio-pci"), driver(FIRST), "b's");
        assertThrows(DriverException.class, () -> take(A, SECOND, FIRST));
        assertEquals(Optional.of("nvidia"), driver(SECOND), "given back with the one that could not be had");
        assertEquals(List.of(FIRST), store.takenDevices());
        store.remove(B, true);
        take(A, FIRST);
        assertEquals(List.of(FIRST), store.takenDevices());
    }

    @Test
    void whatTheHostHasBegunToUseIsNotTaken() throws Exception {
        Resources byAddress = asking(new DeviceSelector.PciAddress(FIRST.text()));
        unusable = Optional.of(new Lack("the host works with it: the file system at /srv is on it", "unmount it"));
        assertEquals("lab/a does not start: its device 0000:01:00.0 cannot be taken: the host works with it: the file"
                + " system at /srv is on it", refusal(byAddress, FIRST));
        // The first one could be had: nothing is done to it either.
        assertTrue(refusal(byAddress, SECOND, FIRST).contains("0000:02:00.0 cannot be taken"));
        unusable = Optional.empty();
        companions = List.of(SECOND);
        assertTrue(refusal(byAddress, FIRST).contains(
                "the host uses 0000:02:00.0, which is in the same IOMMU group, by its driver nvidia"));
        take(A, FIRST, SECOND);
        assertEquals(List.of(FIRST, SECOND), store.takenDevices(), "the whole group");
    }

    @Test
    void onlyWhatIsNamedIsTakenFromADriverOfTheHost() throws Exception {
        Resources byMake = asking(new DeviceSelector.PciId("10de:1eb8"));
        assertTrue(refusal(byMake, FIRST).contains("the host uses it by its driver nvidia"));
        kernel.binding().bind(FIRST);
        kernel.written();
        devices.take(A, byMake, List.of(FIRST));
        assertEquals(List.of(FIRST), store.takenDevices());
    }

    @Test
    void aDeadClaimIsTakenOverWithWhatIsOwedToTheHost() throws Exception {
        store.save(MachineRecord.created(B, Specs.service("b")).withDevices(List.of(FIRST)));
        take(B, FIRST);
        store.remove(B, true); // its end was cut short: the device is at vfio-pci
        take(A, FIRST);
        devices.release(A);
        assertEquals(Optional.of("nvidia"), driver(FIRST), "the host has it again");
    }

    @Test
    void aMachineWhoseRecordCannotBeReadHasWhatItHasTaken() throws Exception {
        store.save(MachineRecord.created(B, Specs.service("b")).withDevices(List.of(FIRST)));
        take(B, FIRST);
        Path record = store.layout().machine(B).record();
        Files.writeString(record, "{");
        assertEquals("{0000:01:00.0=prod/b}", store.devicesBeside("lab").toString());
        assertEquals(List.of(FIRST), new DeviceClaims(store).of(B));
        assertThrows(DriverException.class, () -> take(A, FIRST));
        Files.delete(record);
        assertEquals("{0000:01:00.0=prod/b}", store.devicesBeside("lab").toString(), "its VMM may run");
        assertThrows(DriverException.class, () -> take(A, FIRST));
        devices.release(B);
        take(A, FIRST);
        assertEquals(List.of(), new DeviceClaims(store).of(B));
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
