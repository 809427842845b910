package dev.provision.hypervisor.qemu.devices;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.provision.hypervisor.host.pci.DeviceInventories;
import dev.provision.planner.host.DriverCapabilities.Attachment;
import dev.provision.planner.host.DriverCapabilities.Lack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What hosts lack, told by a few files of theirs. */
class DeviceSupportTest {

    @TempDir
    private Path root = Path.of("");

    @BeforeEach
    void aHostThatHasAll() throws IOException {
        write("proc/self/status", "Name:\tjava\nUid:\t0\t0\t0\t0\n");
        write("sys/bus/pci/devices/0000:01:00.0/class", "0x030200\n");
        write("sys/kernel/iommu_groups/0/type", "DMA\n");
    }

    private void write(String file, String text) throws IOException {
        Path path = root.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
    }

    private Map<Attachment, Lack> lacking() {
        return new DeviceSupport(root).lacking(true);
    }

    private String why(Attachment attachment) {
        Lack lack = lacking().get(attachment);
        return lack == null ? "" : lack.why();
    }

    @Test
    void nothing() {
        assertEquals(Map.of(), lacking());
    }

    @Test
    void anIommu() throws IOException {
        Files.delete(root.resolve("sys/kernel/iommu_groups/0/type"));
        Files.delete(root.resolve("sys/kernel/iommu_groups/0"));
        assertEquals(Map.of(Attachment.GPU, DeviceInventories.NO_IOMMU, Attachment.DEVICES,
                DeviceInventories.NO_IOMMU), lacking());
        write("sys/bus/mdev/devices/aa618089-8b16-4d01-a136-25a0f3c73123/x", "");
        assertEquals(Map.of(), lacking(), "their own driver keeps mediated devices to the memory of their machine");
    }

    @Test
    void aGpu() throws IOException {
        write("sys/bus/pci/devices/0000:01:00.0/class", "0x020000\n");
        assertEquals(Set.of(Attachment.GPU), lacking().keySet());
        assertEquals("this host has no GPU", why(Attachment.GPU));
    }

    @Test
    void root() throws IOException {
        write("proc/self/status", "Name:\tjava\nUid:\t1000\t1000\t1000\t1000\n");
        assertEquals("only root can take devices from the host", why(Attachment.DEVICES));
        assertEquals(Set.of(Attachment.GPU, Attachment.DEVICES), lacking().keySet());
    }

    @Test
    void linux() throws IOException {
        Files.delete(root.resolve("proc/self/status"));
        assertEquals("devices are handed on by VFIO, which is a part of Linux", why(Attachment.DEVICES));
    }

    @Test
    void aBus() {
        Map<Attachment, Lack> lacking = new DeviceSupport(root).lacking(false);
        assertEquals(Set.of(Attachment.GPU, Attachment.DEVICES), lacking.keySet(), "an emulated one needs none");
        assertTrue(lacking.values().stream().allMatch(lack -> lack.why().endsWith("have no PCI bus")));
    }

    @Test
    void aModuleOfQemu() throws IOException {
        write("usr/lib64/qemu/accel-tcg-x86_64.so", "");
        assertEquals(Set.of(Attachment.EMULATED_GPU), lacking().keySet());
        write("usr/lib64/qemu/hw-display-virtio-gpu.so", "");
        assertTrue(why(Attachment.EMULATED_GPU).contains("hw-display-virtio-gpu-pci.so"));
        assertFalse(new DeviceSupport(root).lacking(false).containsKey(Attachment.EMULATED_GPU), "without a PCI bus");
        write("usr/lib64/qemu/hw-display-virtio-gpu-pci.so", "");
        assertEquals(Map.of(), lacking());
    }
}
