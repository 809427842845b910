package dev.provision.acceptance;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

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
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Persistent disks with names, from their formatting to their removal. The tests build on each other. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class NamedDisksTest {

    private static final int MIB = 1 << 20;

    @TempDir
    private static Path folder = Path.of("");

    private Provision provision = new Provision(folder);

    @BeforeAll
    void open() {
        provision = new Provision(folder);
    }

    @AfterAll
    void endVmms() {
        provision.close();
    }

    private void manifest(String resources) {
        provision.write("machines.yaml", """
                version: 1
                fleet: disks
                machines:
                  a: { resources: { memory: 128MiB, %s } }
                """.formatted(resources));
    }

    private String apply() {
        return provision.run("apply", "--yes").exits(0).out();
    }

    private String inGuest(String script) {
        return provision.exec("a", "sh", "-c", script);
    }

    private Path file(String disk) {
        return provision.state().resolve("fleets/disks/storage/a/" + disk + ".img");
    }

    /** Bytes that a file takes on the host. */
    private static long allocated(Path file) throws IOException, InterruptedException {
        Process du = new ProcessBuilder("du", "--block-size=1", file.toString()).start();
        String text = new String(du.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, du.waitFor());
        return Long.parseLong(text.substring(0, text.indexOf('\t')));
    }

    private int sizeMib(String mount) {
        return Integer.parseInt(inGuest("df -m " + mount + " | awk 'END {print $2}'"));
    }

    @Test
    @Order(1)
    void eachIsAFileOfItsOwnAndAFileSystemAtItsPlace() throws Exception {
        manifest("storage: 32MiB, disks: { wal: 32MiB, media: { size: 64MiB, mount: /data/media } }");
        apply();
        assertEquals("/data\n/data/media\n/disks/wal",
                inGuest("grep ' ext4 ' /proc/mounts | grep /dev/vd | cut -d ' ' -f 2 | grep -v overlay | sort"));
        inGuest("echo wal > /disks/wal/name; echo media > /data/media/name; echo storage > /data/name; sync");
        assertEquals(32 * MIB, Files.size(file("wal")));
        assertEquals(64 * MIB, Files.size(file("media")));
        assertTrue(allocated(file("media")) < 16 * MIB, "sparse");
        assertTrue(apply().contains("Nothing to do"));
    }

    @Test
    @Order(2)
    void aQuotaIsAQuotaInTheGuestAndNowhereElse() throws Exception {
        String dd = inGuest("dd if=/dev/urandom of=/disks/wal/big bs=1M count=40 2>&1; echo code $?; sync");
        assertTrue(dd.contains("No space left on device") && dd.contains("code 1"), dd);
        String raw = inGuest("disk=$(grep ' /disks/wal ' /proc/mounts | cut -d ' ' -f 1);"
                + " dd if=/dev/zero of=$disk bs=1M seek=32 count=1 2>&1; echo code $?");
        assertTrue(raw.contains("No space left on device") && raw.contains("code 1"), raw);
        assertEquals(32 * MIB, Files.size(file("wal")));
        assertTrue(allocated(file("wal")) <= 32 * MIB);
        assertEquals("wal\nmedia", inGuest("cat /disks/wal/name; echo ok > /data/media/more; cat /data/media/name"));
        assertEquals("ready", provision.state("a"), "the machine goes on");
        inGuest("rm /disks/wal/big; echo again > /disks/wal/more; sync");
    }

    @Test
    @Order(3)
    void growingIsLiveAndTheFileSystemFollows() {
        long pid = provision.pid("a");
        int before = sizeMib("/disks/wal");
        manifest("storage: 32MiB, disks: { wal: 96MiB, media: { size: 64MiB, mount: /data/media } }");
        String out = apply();
        assertTrue(out.contains("disks.wal 32 MiB at /disks/wal → 96 MiB at /disks/wal: live"), out);
        assertEquals(pid, provision.pid("a"));
        int after = sizeMib("/disks/wal");
        assertTrue(before <= 32 && after > 80 && after <= 96, before + " → " + after);
        assertEquals("wal\nagain", inGuest("cat /disks/wal/name /disks/wal/more"));
    }

    @Test
    @Order(4)
    void shrinkingIsRefused() {
        long pid = provision.pid("a");
        manifest("storage: 32MiB, disks: { wal: 64MiB, media: { size: 64MiB, mount: /data/media } }");
        Provision.Result plan = provision.run("apply", "--yes").exits(4);
        assertTrue(plan.err().contains("PRV-0304"), plan.err());
        assertTrue(plan.err().contains("the disk `wal` of `a` has 96 MiB and cannot shrink to 64 MiB"), plan.err());
        assertEquals(pid, provision.pid("a"));
    }

    @Test
    @Order(5)
    void aStopLeavesNothingForAJournalToRepair() throws IOException {
        inGuest("echo last > /disks/wal/last; echo last > /data/media/last; echo last > /data/last");
        provision.run("stop", "a").exits(0);
        for (Path disk : List.of(file("wal"), file("media"), file("../a"))) {
            try (RandomAccessFile image = new RandomAccessFile(disk.toFile(), "r")) {
                image.seek(1024 + 0x60); // s_feature_incompat of the ext4 superblock
                assertEquals(0, image.readUnsignedByte() & 0x04, () -> disk + " needs recovery");
            }
        }
        provision.run("start", "a").exits(0);
        assertEquals("last\nlast\nlast", inGuest("cat /disks/wal/last /data/media/last /data/last"));
    }

    @Test
    @Order(6)
    void oneThatIsTakenOutKeepsItsFileAndOthersTheirNames() {
        manifest("storage: 32MiB, disks: { another: 16MiB, media: { size: 64MiB, mount: /disks/media } }");
        String plan = provision.run("plan").exits(0).out();
        assertTrue(plan.contains("disks.wal 96 MiB at /disks/wal → none: restart (its file is kept"), plan);
        apply();
        assertEquals("media", inGuest("cat /disks/media/name"), "not the disk that was at its position");
        assertEquals("no", inGuest("[ -e /disks/wal/name ] || echo no"));
        assertTrue(Files.exists(file("wal")));
        String status = provision.run("status").exits(0).out();
        assertTrue(status.contains("kept: disk wal of disks/a, 96 MiB"), status);
        assertFalse(status.contains("kept: disk media"), status);
    }

    @Test
    @Order(7)
    void oneThatComesBackHasItsData() {
        manifest("storage: 32MiB, overlay: 128MiB, disks: { wal: 96MiB, media: { size: 64MiB, mount: /disks/media } }");
        apply();
        assertEquals("wal\nmedia\nstorage", inGuest("cat /disks/wal/name /disks/media/name /data/name"));
        inGuest("echo lost > /root/file; sync");
    }

    @Test
    @Order(8)
    void theySurviveARecreateAndADestroy() {
        manifest("storage: 32MiB, overlay: 64MiB, disks: { wal: 96MiB, media: { size: 64MiB, mount: /disks/media } }");
        String recreate = provision.run("apply", "--yes", "--allow=all").exits(0).out();
        assertTrue(recreate.contains("1 to recreate"), recreate);
        assertEquals("wal\nmedia\nno",
                inGuest("cat /disks/wal/name /disks/media/name; [ -e /root/file ] || echo no"));
        provision.run("destroy", "--yes").exits(0);
        assertTrue(provision.run("status").exits(0).out().contains("kept: disk media of disks/a, 64 MiB"));
        String again = apply();
        assertTrue(again.contains("disk media 64 MiB") && again.contains("takes over the storage that was kept"),
                again);
        assertEquals("wal\nmedia\nstorage", inGuest("cat /disks/wal/name /disks/media/name /data/name"));
    }

    @Test
    @Order(9)
    void oneWhoseFileIsGoneIsRefusedUntilItIsGivenUp() throws IOException {
        Files.delete(file("wal"));
        Provision.Result running = provision.run("plan").exits(4);
        assertTrue(running.err().contains("PRV-0309") && running.err().contains("the disk `wal` of `a` is gone"),
                running.err());
        assertEquals("wal", inGuest("cat /disks/wal/name"), "the data can still be saved");
        provision.run("stop", "a").exits(0);
        assertTrue(provision.run("start", "a").exits(4).err().contains("PRV-0309"));
        manifest("storage: 32MiB, overlay: 64MiB, disks: { media: { size: 64MiB, mount: /disks/media } }");
        apply();
        manifest("storage: 32MiB, overlay: 64MiB, disks: { wal: 16MiB, media: { size: 64MiB, mount: /disks/media } }");
        apply();
        assertEquals("empty\nmedia", inGuest("[ -e /disks/wal/name ] || echo empty; cat /disks/media/name"));
    }

    @Test
    @Order(10)
    void whatIsNotAFileSystemOfOursIsNotTouched() throws IOException {
        provision.run("stop", "a").exits(0);
        byte[] foreign = new byte[16 * MIB];
        foreign[510] = 0x55; // a partition table's signature
        foreign[511] = (byte) 0xAA;
        Files.write(file("wal"), foreign);
        Provision.Result start = provision.run("start", "a").exits(1);
        assertTrue(
                start.out().contains("the guest failed at disk-wal: the disk is neither blank nor ext4: not touched"),
                start.out());
        provision.run("stop", "a").exits(0);
        assertEquals(-1, mismatch(foreign, file("wal")));
    }

    private static int mismatch(byte[] expected, Path file) throws IOException {
        return Arrays.mismatch(expected, Files.readAllBytes(file));
    }

    @Test
    @Order(11)
    void theyGoWithTheStorageAndOnlyThen() {
        provision.run("destroy", "--yes").exits(0);
        assertNotEquals(List.of(), provision.storeFiles());
        provision.run("destroy", "--storage", "--yes").exits(0);
        assertEquals(List.of(), provision.storeFiles());
        assertFalse(Files.exists(provision.state().resolve("fleets/disks")), "nothing is left of the fleet");
    }

    @Test
    @Order(12)
    void asManyAsThePlanAllows() {
        manifest("storage: 16MiB, overlay: 64MiB, disks: {" + IntStream.rangeClosed(1, 16)
                .mapToObj(i -> "disk-number-%03d: 16MiB".formatted(i))
                .collect(Collectors.joining(", ")) + "}");
        apply();
        assertEquals("16", inGuest("grep -c ' /disks/disk-number-[0-9]* ext4 ' /proc/mounts"));
    }
}
