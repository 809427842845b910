package dev.provision.acceptance;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

import dev.provision.hypervisor.MachineId;
import dev.provision.hypervisor.store.StoreLayout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** Folders of the host in guests. The tests build on each other; {@code a} and {@code b} share both of theirs. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class VolumesTest {

    private static final Path LOCKS = Path.of("/run/virtiofsd");

    /** More than a server needs to see that its VMM has gone, on a busy machine. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final String MANIFEST = """
            version: 1
            fleet: volumes
            defaults: { resources: { memory: { limit: 128MiB, max: 192MiB } } }
            machines:
              a:
                resources: { disks: { d: { size: 16MiB, mount: /mnt/rw/disk } } }
                volumes: ["./rw, it's:/mnt/rw", ./ro:/mnt/ro:ro, ./ro:/mnt/rw/disk/inner:ro]
              b:
                volumes: ["./rw, it's:/mnt/it's shared", "%s:/mnt/ro:ro"]
            """;

    @TempDir
    private static Path temporary = Path.of("");

    private final List<Process> waiting = new ArrayList<>();
    private Path folder = Path.of("");
    private Provision provision = new Provision(folder);

    @BeforeAll
    void open() throws IOException {
        folder = temporary.toRealPath();
        provision = new Provision(folder);
        Files.writeString(Files.createDirectory(folder.resolve("ro")).resolve("file"), "host\n");
        Files.createSymbolicLink(folder.resolve("ro/etc"), Path.of("/etc"));
        Files.createSymbolicLink(folder.resolve("ro/up"), Path.of("../secret"));
        Files.writeString(folder.resolve("secret"), "of the host\n");
        Files.createDirectory(folder.resolve("rw, it's"));
        provision.write("machines.yaml",
                "version: 1\nfleet: volumes\nmachines: { probe: { volumes: ['./ro:/srv/probe'] } }\n");
        assumeTrue(!provision.run("plan").err().contains("virtiofsd"), "this host cannot serve volumes");
    }

    @AfterAll
    void endVmms() throws InterruptedException, IOException {
        provision.close();
        waiting.forEach(Process::destroyForcibly);
        awaitNoServers();
        for (String link : List.of("ro/etc", "ro/up", "link", "rw, it's/out", "rw, it's/root", "rw, it's/sub")) {
            Files.deleteIfExists(folder.resolve(link));
        }
    }

    private void manifest(String source) {
        provision.write("machines.yaml", MANIFEST.formatted(source));
    }

    private String inGuest(String machine, String script) {
        return provision.exec(machine, "sh", "-c", script);
    }

    private String host(String file) throws IOException {
        return Files.readString(folder.resolve(file));
    }

    /** The processes that serve volumes of this test: their argv has the path of their socket. */
    private List<ProcessHandle> servers() {
        return ProcessHandle.allProcesses().filter(process -> {
            try {
                String argv = Files.readString(Path.of("/proc/" + process.pid() + "/cmdline"),
                        StandardCharsets.ISO_8859_1);
                return argv.contains("virtiofsd\0--socket-path=" + folder);
            } catch (IOException e) {
                return false;
            }
        }).toList();
    }

    private void awaitNoServers() throws InterruptedException {
        Instant end = Instant.now().plus(PATIENCE);
        while (!servers().isEmpty() && Instant.now().isBefore(end)) {
            Thread.sleep(50);
        }
        assertEquals(List.of(), servers());
    }

    /** Those that virtiofsd has left of sockets in this folder, or of this socket. */
    private static List<String> locks(Path folder) throws IOException {
        try (var all = Files.list(LOCKS)) {
            return all.map(lock -> Objects.toString(lock.getFileName()))
                    .filter(lock -> lock.startsWith(folder.toString().replace('/', '.')))
                    .toList();
        }
    }

    @Test
    @Order(1)
    void aFolderThatIsMissingOrBehindALinkIsRefusedBeforeAnythingIsDone() throws IOException {
        manifest("./missing");
        Provision.Result missing = provision.run("apply", "--yes").exits(4);
        assertTrue(missing.err().contains("PRV-0311") && missing.err().contains("there is no folder `" + folder),
                missing.err());
        assertFalse(Files.exists(folder.resolve("missing")));
        Files.createSymbolicLink(folder.resolve("link"), Path.of("/etc"));
        manifest("./link");
        assertTrue(provision.run("plan").exits(4).err().contains("a symbolic link is on the way to"));
        assertEquals(List.of(), provision.vmms());
    }

    @Test
    @Order(2)
    void bothSidesSeeWhatIsWrittenByEither() throws IOException {
        manifest("./ro");
        Files.writeString(folder.resolve("rw, it's/file"), "host\n");
        provision.run("apply", "--yes").exits(0);
        assertEquals("host", inGuest("a", "cat /mnt/rw/file"));
        inGuest("a", "echo guest > /mnt/rw/new; mkdir /mnt/rw/sub; sync");
        assertEquals("guest\n", host("rw, it's/new"));
        assertEquals("guest", inGuest("b", "cat /mnt/it*/new"), "the same folder in another machine");
        inGuest("b", "cd /mnt/it*; rm new; echo b > sub/b");
        assertFalse(Files.exists(folder.resolve("rw, it's/new")));
        assertEquals("b\n", host("rw, it's/sub/b"));
        assertEquals("0 0", "%s %s".formatted(Files.getAttribute(folder.resolve("rw, it's/sub/b"), "unix:uid"),
                Files.getAttribute(folder.resolve("rw, it's/sub/b"), "unix:gid")), "root there is root here");
        assertTrue(provision.run("apply", "--yes").exits(0).out().contains("Nothing to do"));
    }

    @Test
    @Order(3)
    void volumesAndDisksAreMountedInsideOfEachOther() {
        assertEquals("/mnt/ro virtiofs\n/mnt/rw virtiofs\n/mnt/rw/disk ext4\n/mnt/rw/disk/inner virtiofs",
                inGuest("a", "grep ' /mnt/' /proc/mounts | cut -d ' ' -f 2,3 | sort"));
        assertEquals("host", inGuest("a", "cat /mnt/rw/disk/inner/file"));
    }

    @Test
    @Order(4)
    void aReadOnlyVolumeRefusesToBeWrittenWhateverTheGuestDoes() throws IOException {
        String write = "(echo guest > /mnt/ro/file) 2>&1; (echo guest > /mnt/ro/new) 2>&1; rm /mnt/ro/file 2>&1;"
                + " chmod 777 /mnt/ro/file 2>&1; mkdir /mnt/ro/sub 2>&1; mv /mnt/ro/file /mnt/ro/other 2>&1; true";
        for (String before : List.of("true",
                "mount -o remount,rw /mnt/ro && grep -q ' /mnt/ro virtiofs rw' /proc/mounts",
                "umount /mnt/ro && mount -t virtiofs -o rw volume-1 /mnt/ro")) {
            String said = inGuest("a", before + " || exit 1; " + write);
            assertEquals(6, said.lines().filter(line -> line.contains("Read-only file system")).count(), said);
        }
        assertEquals("host", inGuest("a", "cat /mnt/ro/file"));
        assertEquals("host\n", host("ro/file"));
        try (var files = Files.list(folder.resolve("ro"))) {
            assertEquals(3, files.count());
        }
        Files.writeString(folder.resolve("ro/file"), "changed\n");
        assertEquals("changed", inGuest("b", "sleep 1; cat /mnt/ro/file"), "the host may write on");
    }

    @Test
    @Order(5)
    void nothingLeadsOutOfAVolume() throws IOException {
        assertEquals("provision", inGuest("a", ". /mnt/ro/etc/os-release; echo $ID"), "the guest's own /etc");
        assertEquals("none", inGuest("a", "cat /mnt/ro/up /mnt/ro/../secret 2>/dev/null || echo none"));
        assertEquals("none", inGuest("a",
                "ln -s ../secret /mnt/rw/out; ln -s / /mnt/rw/root; cat /mnt/rw/out /mnt/rw/root" + folder
                        + "/secret 2>/dev/null || echo none"));
        assertTrue(Files.isSymbolicLink(folder.resolve("rw, it's/out")));
        assertEquals("refused", inGuest("a", "mknod /mnt/rw/null c 1 3 2>/dev/null || echo refused"));
        // What a guest has put in the way of another volume is not followed when that is mounted.
        inGuest("a", "rm -r /mnt/rw/sub; ln -s /etc /mnt/rw/sub");
        manifest("./rw, it's/sub");
        assertTrue(provision.run("plan").exits(4).err().contains("a symbolic link is on the way to"));
        manifest("./ro");
    }

    /** Of the memory that is shared with servers, so of the guest, in MiB. */
    private int resident(String machine) throws IOException {
        return Files.readAllLines(Path.of("/proc/" + provision.pid(machine) + "/status"))
                .stream()
                .filter(line -> line.startsWith("RssShmem:"))
                .map(line -> Integer.parseInt(line.replaceAll("[^0-9]", "")) / 1024)
                .findFirst()
                .orElseThrow();
    }

    @Test
    @Order(6)
    void memoryThatServersShareIsGivenBack() throws IOException {
        provision.write("machines.yaml", MANIFEST.formatted("./ro").replace("limit: 128MiB", "limit: 192MiB"));
        assertTrue(provision.run("apply", "--yes").exits(0).out().contains("2 to change live"));
        inGuest("a", "mount -o remount,size=70m /dev/shm; dd if=/dev/zero of=/dev/shm/x bs=1M count=65 2>/dev/null");
        int full = resident("a");
        assertTrue(full > 140, full + " MiB");
        inGuest("a", "rm /dev/shm/x");
        manifest("./ro");
        provision.run("apply", "--yes").exits(0);
        assertTrue(resident("a") <= 130, resident("a") + " MiB of " + full + ": not more than the guest has now");
        assertTrue(provision.guestMemoryMib("a") <= 128);
    }

    @Test
    @Order(7)
    void anotherFolderIsARestartWithServersOfItsOwn() throws IOException, InterruptedException {
        List<ProcessHandle> before = servers();
        assertEquals(10, before.size(), "two processes each");
        Files.createDirectory(folder.resolve("other"));
        Files.writeString(folder.resolve("other/file"), "other\n");
        manifest("./other");
        String out = provision.run("apply", "--yes").exits(0).out();
        assertTrue(out.contains("1 to restart") && out.contains("devices are attached at boot"), out);
        assertEquals("other", inGuest("b", "cat /mnt/ro/file"));
        List<ProcessHandle> after = servers();
        assertEquals(10, after.size());
        assertEquals(6, after.stream().filter(before::contains).count(), "those of `a`");
    }

    @Test
    @Order(8)
    void aKilledVmmTakesItsServersAlongAndTheNextStartHasNewOnes() throws Exception {
        long pid = provision.pid("a");
        ProcessHandle vmm = ProcessHandle.of(pid).orElseThrow();
        vmm.destroyForcibly();
        Instant end = Instant.now().plus(PATIENCE);
        while (servers().size() > 4 && Instant.now().isBefore(end)) {
            Thread.sleep(50);
        }
        assertEquals(4, servers().size(), "those of `b`");
        provision.run("apply", "--yes").exits(0);
        assertEquals(10, servers().size());
        assertEquals("host", inGuest("a", "cat /mnt/rw/file"));
    }

    @Test
    @Order(9)
    void aStopAndAStartThatFailsLeaveNone() throws IOException {
        provision.run("stop", "b").exits(0);
        assertEquals(6, servers().size());
        Path broken = Files.createDirectory(folder.resolve("bin")).resolve("qemu-system-x86_64");
        executable(broken, "[ \"$1\" != --version ] || exec /usr/bin/qemu-system-x86_64 --version; exit 1");
        executable(folder.resolve("with-broken-qemu"), "PATH='" + folder.resolve("bin") + "':$PATH exec '"
                + Path.of("../../provisioner/target/provision/bin/provision").toRealPath() + "' \"$@\"");
        var failing = new Provision(folder, folder.resolve("with-broken-qemu"));
        String out = failing.run("start", "b").exits(1).out();
        assertTrue(out.contains("does not start"), out);
        assertTrue(Files.exists(folder.resolve("state/fleets/volumes/machines/b/volumes.log")));
        assertEquals(6, servers().size());
    }

    private static void executable(Path file, String script) throws IOException {
        Files.writeString(file, "#!/bin/sh\n" + script + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
    }

    /** As when provision was killed before it started the VMM: nobody ever connects to it. */
    private Process serverThatWaits(Path socket) throws Exception {
        Process server = new ProcessBuilder("/usr/lib/qemu/virtiofsd", "--socket-path=" + socket, "-f", "-o",
                "source=" + folder.resolve("other")).redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        waiting.add(server);
        // A process that has just become another program has no arguments for a moment.
        Instant end = Instant.now().plus(PATIENCE);
        while (!servers().contains(server.toHandle()) && Instant.now().isBefore(end)) {
            Thread.sleep(10);
        }
        return server;
    }

    @Test
    @Order(10)
    void oneThatIsLeftOverIsEndedWithItsMachineAndOnlyOneOfOurs() throws Exception {
        Path ofB = new StoreLayout(provision.state(), provision.runtime()).machine(new MachineId("volumes", "b"))
                .sockets();
        Process left = serverThatWaits(Files.createDirectory(ofB.resolve("volumes")).resolve("0.sock"));
        Process ofOthers = serverThatWaits(folder.resolve("0.sock"));
        assertEquals(8, servers().size());
        provision.run("destroy", "--target", "b", "--yes").exits(0);
        assertFalse(left.isAlive());
        assertTrue(ofOthers.isAlive());
        assertEquals(7, servers().size());
        ofOthers.destroyForcibly().waitFor();
        for (String lock : locks(folder.resolve("0.sock"))) {
            Files.delete(LOCKS.resolve(lock));
        }
    }

    @Test
    @Order(11)
    void destroyLeavesNothing() throws Exception {
        provision.run("destroy", "--yes", "--storage").exits(0);
        assertEquals(List.of(), servers());
        assertEquals(List.of(), provision.socketFiles());
        assertEquals(List.of(), locks(folder.resolve("run")));
        assertEquals("host\n", host("rw, it's/file"));
        assertEquals("changed\n", host("ro/file"));
    }
}
