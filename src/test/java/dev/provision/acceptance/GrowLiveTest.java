package dev.provision.acceptance;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Disks grow in a machine that runs, and its file systems with them. The tests build on each other. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class GrowLiveTest {

    private static final long MIB = 1 << 20;
    private static final List<String> FOLDERS = List.of("/run/provision/overlay", "/data", "/disks/wal");

    @TempDir
    private static Path folder = Path.of("");

    private Provision provision = new Provision(folder);
    private long pid;

    @BeforeAll
    void boot() {
        provision = new Provision(folder);
        manifest(64, 32, 32);
        apply();
        pid = provision.pid("a");
    }

    @AfterAll
    void endVmms() {
        provision.close();
    }

    private void manifest(int overlay, int storage, int wal) {
        provision.write("machines.yaml", """
                version: 1
                fleet: grow
                machines:
                  a: { resources: { memory: 128MiB, overlay: %dMiB, storage: %dMiB, disks: { wal: %dMiB } } }
                """.formatted(overlay, storage, wal));
    }

    private String apply() {
        return provision.run("apply", "--yes").exits(0).out();
    }

    private String inGuest(String script) {
        return provision.exec("a", "sh", "-c", script);
    }

    private Path file(String disk) {
        return provision.state().resolve("fleets/grow/storage").resolve(disk);
    }

    /** Sizes that `df` tells, which are a little less than the disks'. */
    private List<Integer> sizesMib() {
        return FOLDERS.stream()
                .map(mount -> Integer.parseInt(inGuest("df -m " + mount + " | awk 'END {print $2}'")))
                .toList();
    }

    private void assertSizes(int overlay, int storage, int wal) {
        List<Integer> expected = List.of(overlay, storage, wal);
        List<Integer> sizes = sizesMib();
        for (int i = 0; i < expected.size(); i++) {
            int most = expected.get(i);
            int size = sizes.get(i);
            assertTrue(size <= most && size > most * 3 / 4, FOLDERS.get(i) + ": " + sizes + " of " + expected);
        }
    }

    @Test
    @Order(1)
    void eachGrowsWhileItIsWrittenTo() throws Exception {
        assertSizes(64, 32, 32);
        inGuest("echo root > /root/witness; echo storage > /data/witness; echo wal > /disks/wal/witness; sync;"
                + " (while sleep 0.1; do date >> /data/busy; done) >/dev/null 2>&1 &");
        manifest(192, 96, 96);
        String plan = provision.run("plan", "--detailed-exitcode").exits(10).out();
        for (String field : List.of("overlay 64 MiB → 192 MiB: live", "storage 32 MiB → 96 MiB: live",
                "disks.wal 32 MiB at /disks/wal → 96 MiB at /disks/wal: live")) {
            assertTrue(plan.contains(field), plan);
        }
        apply();
        assertEquals(pid, provision.pid("a"));
        assertSizes(192, 96, 96);
        assertEquals("root\nstorage\nwal", inGuest("cat /root/witness /data/witness /disks/wal/witness"));
        assertEquals(96 * MIB, Files.size(file("a.img")));
        assertEquals(96 * MIB, Files.size(file("a/wal.img")));
        inGuest("dd if=/dev/urandom of=/disks/wal/big bs=1M count=60 2>/dev/null && sync && rm /disks/wal/big");
        assertTrue(apply().contains("Nothing to do"));
    }

    /** By another hand: the device does not know of it yet. */
    @Test
    @Order(2)
    void aFileThatIsLongEnoughAlreadyIsUsed() throws Exception {
        try (RandomAccessFile image = new RandomAccessFile(file("a/wal.img").toFile(), "rw")) {
            image.setLength(128 * MIB);
        }
        manifest(192, 96, 128);
        String plan = provision.run("plan").exits(0).out();
        assertTrue(plan.contains("(really 128 MiB at /disks/wal"), plan);
        apply();
        assertEquals(pid, provision.pid("a"));
        assertSizes(192, 96, 128);
        assertEquals("wal", inGuest("cat /disks/wal/witness"));
        assertTrue(apply().contains("Nothing to do"));
    }

    @Test
    @Order(3)
    void shrinkingIsRefusedWithItsReason() throws IOException {
        manifest(192, 64, 128);
        Provision.Result refused = provision.run("apply", "--yes").exits(4);
        assertTrue(refused.err().contains("PRV-0304"), refused.err());
        assertTrue(refused.err().contains("the storage of `a` has 96 MiB and cannot shrink to 64 MiB"), refused.err());
        assertTrue(refused.err().contains("a file system is never made smaller: data could be lost"), refused.err());
        assertEquals(pid, provision.pid("a"));
        assertEquals(96 * MIB, Files.size(file("a.img")));
    }

    /** What is mounted over the guest's program says what a guest that cannot grow would; the next run goes on from there. */
    @Test
    @Order(4)
    void aGuestThatDoesNotGrowIsHeard() {
        inGuest("printf '#!/bin/sh\\necho no room for maps >&2\\nexit 1\\n' > /run/broken; chmod 755 /run/broken;"
                + " mount -o bind /run/broken /usr/lib/provision/grow");
        manifest(192, 128, 128);
        Provision.Result failed = provision.run("apply", "--yes").exits(1);
        assertTrue((failed.out() + failed.err()).contains(
                "its disks are longer, but the file systems on them did not grow: no room for maps"),
                failed.out() + failed.err());
        inGuest("umount /usr/lib/provision/grow");
        String again = apply();
        assertFalse(again.contains("Nothing to do"), again);
        assertEquals(pid, provision.pid("a"));
        assertSizes(192, 128, 128);
    }

    @Test
    @Order(5)
    void allIsThereAfterARestart() {
        provision.run("restart", "a").exits(0);
        assertSizes(192, 128, 128);
        assertEquals("root\nstorage\nwal", inGuest("cat /root/witness /data/witness /disks/wal/witness"));
        assertTrue(apply().contains("Nothing to do"));
    }
}
