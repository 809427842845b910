package dev.provision.hypervisor.host.pci;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import dev.provision.planner.host.DeviceAddress;
import dev.provision.planner.host.DeviceInventory;
import dev.provision.planner.host.DriverCapabilities.Lack;
import dev.provision.planner.host.HostDevice;
import dev.provision.schema.fleet.GpuModel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Devices of hosts that are written by hand in the kernel's format. */
class SysfsPciTest {

    private static final String BRIDGE = "0000:00:01.0";

    @TempDir
    private Path folder = Path.of("");

    private FakeSysfs sysfs = new FakeSysfs(folder);

    @BeforeEach
    void open() {
        sysfs = new FakeSysfs(folder.resolve("sys"));
    }

    private PciFacts facts() {
        return new SysfsPci(sysfs.root(), folder.resolve("mountinfo")).read();
    }

    private HostDevice device(String address) {
        return DeviceInventories.of(facts()).at(new DeviceAddress(address)).orElseThrow();
    }

    private String refusal(String address) {
        return device(address).unusable().map(Lack::why).orElse("");
    }

    private Path t4() throws IOException {
        return sysfs.device(BRIDGE, "0000:01:00.0", "10de", "1eb8", "030200");
    }

    @Test
    void aDeviceIsReadWithAllThatIsSaidOfIt() throws IOException {
        Path gpu = t4();
        sysfs.write(gpu, "numa_node", "1");
        sysfs.write(gpu, "sriov_totalvfs", "16");
        sysfs.write(gpu, "sriov_numvfs", "0");
        sysfs.driver(gpu, "nvidia");
        sysfs.group(7, gpu);
        assertEquals(List.of(new PciDevice("0000:01:00.0", "10de:1eb8", "10de:0001", 0x030200, Optional.of("nvidia"),
                OptionalInt.of(7), OptionalInt.of(1), Optional.empty(), new PciDevice.VirtualFunctions(0, 16), false,
                Optional.empty(), List.of())), facts().devices());
        HostDevice known = device("0000:01:00.0");
        assertEquals(Optional.of(GpuModel.T4), known.model());
        assertEquals(Optional.of("nvidia"), known.driver());
        assertFalse(known.isFree());
        sysfs.driver(gpu, "vfio-pci");
        assertTrue(device("0000:01:00.0").isFree());
        assertEquals("1 × T4", DeviceInventories.of(facts()).gpus().toString());
    }

    @Test
    void withoutAnIommuNothingIsGiven() throws IOException {
        t4();
        assertEquals("no IOMMU is on, which would keep the device to the memory of its machine",
                refusal("0000:01:00.0"));
        sysfs.write(sysfs.root().resolve("kernel/iommu_groups/0"), "name", "vfio-noiommu");
        assertFalse(facts().hasIommu(), "no hardware holds devices of such a group back");
    }

    @Test
    void companionsAreTheGroupWithoutItsBridges() throws IOException {
        Path bridge = sysfs.device("", BRIDGE, "8086", "1901", "060400");
        Path gpu = t4();
        Path sound = sysfs.device(BRIDGE, "0000:01:00.1", "10de", "10f8", "040300");
        sysfs.driver(bridge, "pcieport");
        sysfs.group(1, bridge, gpu, sound);
        assertEquals(List.of(new DeviceAddress("0000:01:00.1")), device("0000:01:00.0").companions());
        assertEquals("", refusal("0000:01:00.0"));
        assertEquals(2, DeviceInventories.of(facts()).devices().size(), "nobody is given a bridge");
    }

    @Test
    void whatTheHostWorksWithIsNotGiven() throws IOException {
        Path card = sysfs.device("", "0000:00:03.0", "8086", "1572", "020000");
        sysfs.write(card, "net/eth0/carrier", "1");
        sysfs.link(sysfs.root().resolve("class/net/eth0"), card.resolve("net/eth0"));
        Path disk = sysfs.device("", "0000:00:04.0", "144d", "a808", "010802");
        sysfs.write(disk, "nvme/nvme0/nvme0n1/nvme0n1p1/partition", "1");
        Path part = disk.resolve("nvme/nvme0/nvme0n1/nvme0n1p1");
        sysfs.link(sysfs.root().resolve("dev/block/259:1"), part);
        sysfs.group(1, card);
        sysfs.group(2, disk);
        assertEquals("the host works with it: its network interface eth0 is connected", refusal("0000:00:03.0"));
        assertEquals("", refusal("0000:00:04.0"), "nothing is mounted");
        Files.writeString(folder.resolve("mountinfo"),
                "22 27 0:21 / /proc rw - proc proc rw\n27 1 259:1 / /srv rw,relatime - ext4 /dev/nvme0n1p1 rw\n");
        assertEquals("the host works with it: the file system at /srv is on it", refusal("0000:00:04.0"));
        Path mapped = Files.createDirectories(sysfs.root().resolve("devices/virtual/block/dm-0"));
        sysfs.link(mapped.resolve("slaves/nvme0n1p1"), part);
        sysfs.link(sysfs.root().resolve("dev/block/254:0"), mapped);
        Files.writeString(folder.resolve("mountinfo"), "27 1 254:0 / /data rw - ext4 /dev/dm-0 rw\n");
        assertEquals("the host works with it: the file system at /data is on it", refusal("0000:00:04.0"),
                "through LVM");
        sysfs.link(sysfs.root().resolve("class/block/nvme0n1p1"), part);
        Files.writeString(folder.resolve("mountinfo"),
                "27 1 0:31 /@home /home rw shared:1 - btrfs /dev/nvme0n1p1 rw\n");
        assertEquals("the host works with it: the file system at /home is on it", refusal("0000:00:04.0"), "btrfs");
        Files.writeString(folder.resolve("mountinfo"), "27 1 0:32 / /tank rw - zfs tank rw,xattr\n");
        assertEquals("", refusal("0000:00:04.0"), "no partition of ZFS");
        sysfs.write(part, "uevent", "DEVTYPE=partition\nPARTN=1\nPARTNAME=zfs-1b3f0c2d4e5f6a7b");
        assertEquals("the host works with it: the file system at /tank is on it", refusal("0000:00:04.0"), "ZFS");
    }

    @Test
    void allControllersOfADiskThatIsMountedAreInUse() throws IOException {
        Path first = sysfs.device("", "0000:00:04.0", "144d", "a808", "010802");
        Path second = sysfs.device("", "0000:00:05.0", "144d", "a808", "010802");
        Path other = sysfs.device("", "0000:00:06.0", "144d", "a808", "010802");
        sysfs.group(1, first);
        sysfs.group(2, second);
        sysfs.group(3, other);
        Path subsystem = sysfs.root().resolve("devices/virtual/nvme-subsystem/nvme-subsys0");
        Files.createDirectories(subsystem.resolve("nvme0n1"));
        sysfs.link(subsystem.resolve("nvme0"), Files.createDirectories(first.resolve("nvme/nvme0")));
        sysfs.link(subsystem.resolve("nvme1"), Files.createDirectories(second.resolve("nvme/nvme1")));
        sysfs.link(sysfs.root().resolve("dev/block/259:1"), subsystem.resolve("nvme0n1"));
        Files.writeString(folder.resolve("mountinfo"), "27 1 259:1 / /srv rw,relatime - ext4 /dev/nvme0n1 rw\n");
        for (String address : List.of("0000:00:04.0", "0000:00:05.0")) {
            assertEquals("the host works with it: the file system at /srv is on it", refusal(address));
        }
        assertEquals("", refusal("0000:00:06.0"));
    }

    @Test
    void theHostsOwnDisplayIsNotGiven() throws IOException {
        Path gpu = t4();
        sysfs.write(gpu, "boot_vga", "1");
        sysfs.group(1, gpu);
        assertEquals("the host's own display is on it", refusal("0000:01:00.0"), "the firmware's, without a driver");
        sysfs.driver(gpu, "vfio-pci");
        assertEquals("", refusal("0000:01:00.0"), "it was taken from the host before");
    }

    @Test
    void mediatedDevicesArePartitions() throws IOException {
        Path gpu = sysfs.device(BRIDGE, "0000:01:00.0", "10de", "20b0", "030200");
        sysfs.group(1, gpu);
        String mig = "aa618089-8b16-4d01-a136-25a0f3c73123";
        String shared = "bb618089-8b16-4d01-a136-25a0f3c73123";
        sysfs.mediated(gpu, mig, "nvidia-476", "GRID A100-3-20C");
        sysfs.mediated(gpu, shared, "nvidia-468", "GRID A100-10C");
        assertEquals(Optional.of("3g.20gb"), device(mig).partition());
        assertEquals(Optional.of(GpuModel.A100), device(mig).model());
        assertEquals(Optional.of("GRID A100-10C"), device(shared).partition(), "shared time is no MIG partition");
        assertEquals("it is given out in parts: 2 mediated devices", refusal("0000:01:00.0"));
        assertTrue(DeviceInventories.of(facts()).gpus().toString().startsWith("1 × A100/3g.20gb"), () -> ""
                + DeviceInventories.of(facts()).gpus());
    }

    /** As the vGPU manager 17 and later shows Hopper GPUs: no mdev, but a type for each virtual function. */
    @Test
    void virtualFunctionsCarryVgpuTypes() throws IOException {
        Path whole = sysfs.device(BRIDGE, "0000:41:00.0", "10de", "2330", "030200");
        sysfs.write(whole, "sriov_numvfs", "2");
        sysfs.write(whole, "sriov_totalvfs", "16");
        Path first = function(whole, "0000:41:00.4", "0", "1414 : NVIDIA H100XM-1-10C\n1428 : NVIDIA H100XM-80C");
        Path second = function(whole, "0000:41:00.5", "1414", "");
        sysfs.group(1, whole);
        sysfs.group(2, first);
        sysfs.group(3, second);
        assertEquals("it is given out in parts: 2 virtual functions are on", refusal("0000:41:00.0"));
        assertEquals("this virtual function carries no vGPU", refusal("0000:41:00.4"));
        HostDevice part = device("0000:41:00.5");
        assertEquals(Optional.of("1g.10gb"), part.partition());
        assertEquals(Optional.of(GpuModel.H100), part.model());
        assertTrue(part.isFree(), "the driver nvidia itself hands it on");
        assertEquals("1 × H100/1g.10gb", DeviceInventories.of(facts()).gpus().toString());
    }

    private Path function(Path whole, String address, String type, String creatable) throws IOException {
        Path function = sysfs.device(BRIDGE, address, "10de", "2330", "030200");
        sysfs.driver(function, "nvidia");
        sysfs.link(function.resolve("physfn"), whole);
        sysfs.write(function, "nvidia/current_vgpu_type", type);
        sysfs.write(function, "nvidia/creatable_vgpu_types", creatable);
        return function;
    }

    @ParameterizedTest
    @CsvSource({"GRID A100-3-20C,3g.20gb", "NVIDIA A100D-7-80C,7g.80gb", "NVIDIA A100-1-5CME,1g.5gb+me",
        "NVIDIA H100XM-1-20C,1g.20gb", "NVIDIA A100-40C,", "GRID T4-16Q,", "vGPU type 1414,"})
    void namesOfTypesSayTheirPartition(String type, String partition) {
        assertEquals(Optional.ofNullable(partition), GpuModels.partition(type));
    }

    @Test
    void aHostWithoutSysfsHasNothing() {
        PciFacts facts = new SysfsPci(folder.resolve("nowhere"), folder.resolve("nothing")).read();
        assertEquals(List.of(), facts.devices());
        assertEquals(DeviceInventory.NONE, DeviceInventories.of(facts));
    }
}
