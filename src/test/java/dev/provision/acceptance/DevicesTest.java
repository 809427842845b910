package dev.provision.acceptance;

import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

/** GPUs of machines: the emulated one, and what a host without any says to who wants one of its own. */
class DevicesTest {

    /** Of the virtio standard: 5.7, GPU device. */
    private static final String VIRTIO_GPU = "0x0010";

    @TempDir
    private Path folder = Path.of("");

    private Provision provision = new Provision(folder);

    @BeforeEach
    void open() {
        provision = new Provision(folder);
    }

    @AfterEach
    void endVmms() {
        provision.close();
    }

    private void manifest(String resources) {
        provision.write("machines.yaml", """
                version: 1
                fleet: devices
                machines: { a: { resources: { memory: 128MiB, %s } } }
                """.formatted(resources));
    }

    private List<String> devicesOfTheGuest() {
        return provision.exec("a", "sh", "-c", "cat /sys/bus/virtio/devices/*/device").lines().toList();
    }

    @Test
    void anEmulatedGpuIsADeviceOfTheGuest() {
        manifest("gpu: true");
        assumeFalse(provision.run("plan").err().contains("hw-display-virtio-gpu"),
                "this host's QEMU has no virtio-gpu");
        provision.run("apply", "--yes").exits(0);
        assertTrue(devicesOfTheGuest().contains(VIRTIO_GPU), () -> devicesOfTheGuest().toString());
        assertTrue(provision.run("plan").exits(0).out().contains("Nothing to do"));
        long pid = provision.pid("a");
        manifest("gpu: false");
        String restart = provision.run("apply", "--yes").exits(0).out();
        assertTrue(restart.contains("restart (devices are attached at boot)"), restart);
        assertNotEquals(pid, provision.pid("a"));
        assertFalse(devicesOfTheGuest().contains(VIRTIO_GPU));
    }

    @Test
    void aHostThatHasNoGpuSaysSoBeforeAnythingIsDone() {
        String host = provision.run("doctor").out();
        assumeFalse(!host.contains("no GPU;"), "this host has GPUs");
        manifest("gpu: 1");
        Provision.Result refused = provision.run("apply", "--yes").exits(4);
        assertTrue(refused.err().contains("`a` asks for a GPU (any:1), which this host cannot give a machine"),
                refused.err());
        assertTrue(refused.err().contains("this host has no GPU"), refused.err());
        assertEquals("", provision.run("status")
                .out()
                .lines()
                .filter(line -> line.contains(" a "))
                .findFirst()
                .orElse(""));
    }

    @Test
    void aHostWithoutAnIommuSaysHowToTurnItOn() {
        assumeFalse(!provision.run("doctor").out().contains("IOMMU off"), "this host has an IOMMU that is on");
        manifest("devices: ['0000:00:03.0']");
        String refused = provision.run("plan").exits(4).err();
        assertTrue(refused.contains("no IOMMU is on") && refused.contains("intel_iommu=on"), refused);
    }
}
