package dev.provision.hypervisor.qemu;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.provision.hypervisor.DriverException;
import dev.provision.hypervisor.MachineId;
import dev.provision.hypervisor.qemu.bridges.Tap;
import dev.provision.hypervisor.qemu.commandline.BoundLog;
import dev.provision.hypervisor.qemu.isolation.UserSeparation;
import dev.provision.hypervisor.qemu.isolation.VmmUser;
import dev.provision.hypervisor.qemu.vm.VmmEnd;
import dev.provision.hypervisor.store.MachineFiles;
import dev.provision.hypervisor.store.PrivateFiles;
import dev.provision.hypervisor.store.StoreLayout;
import dev.provision.hypervisor.store.VmmUserIds;
import dev.provision.planner.host.Accelerator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** The keeper with programs that are no VMMs. */
class KeeperTest {
    private static final MachineId ID = new MachineId("ci-lab", "web");

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    @SuppressWarnings("NullAway.Init")
    private MachineFiles files;

    private final Spawner spawner = new Spawner("/usr/bin:/bin");

    @BeforeEach
    void beginLogs() throws IOException {
        assumeTrue(spawner.locate("perl").isPresent() && spawner.locate("setsid").isPresent(), "no perl or no setsid");
        files = new StoreLayout(folder, folder).machine(ID);
        PrivateFiles.makeDirectories(files.directory());
        BootLogs.begin(files);
    }

    /** Returns when it has ended. */
    private Optional<VmmEnd> run(String script) throws Exception {
        spawner.spawn(ID, List.of("perl", "-e", script), files,
                new Spawner.Bounds(List.of(), Optional.empty(), Optional.empty(), Optional.empty(), List.of(),
                        List.of()));
        return end();
    }

    /** Each look is patient by itself, for some seconds. */
    private Optional<VmmEnd> end() {
        Optional<VmmEnd> end = Optional.empty();
        for (int attempt = 0; attempt < 60 && end.isEmpty(); attempt++) {
            end = VmmEnd.of(files);
        }
        return end;
    }

    @Test
    void holdsLogsToTheirBoundsAndKeepsTheirEnds() throws Exception {
        assertEquals(Optional.of(new VmmEnd(false, 3)), run("""
                open my $report, '>&=', 21; open my $run, '>&=', 22;
                syswrite $report, "booted\\n";
                syswrite $report, 'r' x 65536 for 1 .. 40;
                syswrite $report, "\\nexited\\n";
                syswrite $run, 'x' x 65536 for 1 .. 400;
                syswrite $run, "the end\\n";
                print STDERR "not well\\n";
                exit 3;
                """));
        for (BoundLog log : BoundLog.values()) {
            assertTrue(Files.size(log.file(files)) <= log.most(), log.name());
        }
        String report = Files.readString(files.reportLog());
        assertTrue(report.startsWith("booted\n") && report.endsWith("\nexited\n"));
        assertTrue(Files.readString(files.runLog()).endsWith("xxx" + "the end\n"));
        assertTrue(Files.size(files.runLog()) > BoundLog.RUN.tail());
        assertEquals("not well\n", Files.readString(files.vmmLog()));
    }

    @Test
    void aLogThatIsEmptiedByHandBeginsAnew() throws Exception {
        run("""
                open my $run, '>&=', 22;
                syswrite $run, "before\\n";
                for (1 .. 2000) { last if -s '%1$s'; select undef, undef, undef, 0.01 }
                truncate '%1$s', 0;
                syswrite $run, "after\\n";
                """.formatted(files.runLog()));
        assertEquals("after\n", Files.readString(files.runLog()));
    }

    /** A report that was lost would leave a guest that is ready booting for ever. */
    @Test
    void whatAFullDiskDoesNotTakeIsWrittenWhenThereIsRoom() throws Exception {
        Path full = Files.createDirectory(folder.resolve("full"));
        assumeTrue("root".equals(System.getProperty("user.name")) && isDone("mount", "-t", "tmpfs", "-o",
                "size=128k,mode=0711", "tmpfs", full.toString()), "this user cannot mount a tmpfs");
        try {
            files = new StoreLayout(full, folder).machine(ID);
            PrivateFiles.makeDirectories(files.directory());
            BootLogs.begin(files);
            Path filler = full.resolve("filler");
            assertFalse(isDone("dd", "if=/dev/zero", "of=" + filler, "bs=4k"), "dd goes on until it is full");
            assertEquals(Optional.of(new VmmEnd(false, 0)), run("""
                    open my $report, '>&=', 21;
                    syswrite $report, "booted\n";
                    syswrite $report, "ready cpus=1 memory-kib=1\n";
                    select undef, undef, undef, 0.5;
                    die 'it was written' if -s '%s';
                    unlink '%s';
                    sleep 2;
                    syswrite $report, "exited attempt=1 code=0\n";
                    """.formatted(files.reportLog(), filler)));
            assertEquals("booted\nready cpus=1 memory-kib=1\nexited attempt=1 code=0\n",
                    Files.readString(files.reportLog()));
        } finally {
            while (!isDone("umount", full.toString())) {
                Thread.sleep(100); // the keeper ends a moment after its program
            }
        }
    }

    private static boolean isDone(String... command) throws Exception {
        return new ProcessBuilder(command).redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor() == 0;
    }

    @Test
    void writesDownWhichSignalEndedIt() throws Exception {
        assertEquals(Optional.of(new VmmEnd(true, 9)), run("kill 9, $$; sleep 60"));
    }

    @Test
    void saysWhatIsWrongWithAProgramThatCannotBeStarted() throws Exception {
        spawner.spawn(ID, List.of("/nowhere/qemu"), files,
                new Spawner.Bounds(List.of(), Optional.empty(), Optional.empty(), Optional.empty(), List.of(),
                        List.of()));
        assertTrue(VmmEnd.of(files).orElseThrow().number() != 0);
        assertTrue(Files.readString(files.vmmLog()).contains("/nowhere/qemu: No such file"));
    }

    @Test
    void aTapThatCannotJoinItsBridgeIsNoVmmAndLeavesNothing() throws Exception {
        assumeTrue("root".equals(System.getProperty("user.name")) && Files.exists(Path.of("/dev/net/tun")),
                "taps take root and /dev/net/tun");
        Tap tap = new Tap("pvkeepertest00", "a test of provision", "no-such-bridge", Tap.descriptor(0));
        spawner.spawn(ID, List.of("perl", "-e", "sleep 60"), files, new Spawner.Bounds(List.of(), Optional.empty(),
                Optional.empty(), Optional.empty(), List.of(), List.of(tap)));
        assertTrue(VmmEnd.of(files).orElseThrow().number() != 0);
        String log = Files.readString(files.vmmLog());
        assertTrue(log.contains("tap pvkeepertest00 cannot "), log);
        assertTrue(Files.notExists(Path.of("/sys/class/net/pvkeepertest00")));
    }

    private static final Spawner.Bounds NONE = new Spawner.Bounds(List.of(), Optional.empty(), Optional.empty(),
            Optional.empty(), List.of(), List.of());

    /** Its starter was killed, and nobody reads the pid. */
    @Test
    void goesOnWhenItsStarterIsGone() throws Exception {
        spawner.spawnUnheard(ID, List.of("perl", "-e", "print STDERR qq(still heard\\n); exit 4"), files, NONE);
        long most = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (Files.size(files.vmmEnd()) <= VmmEnd.UNKNOWN.length() && System.nanoTime() < most) {
            Thread.sleep(10);
        }
        assertEquals("exit 4\n", Files.readString(files.vmmEnd()));
        assertEquals("still heard\n", Files.readString(files.vmmLog()));
    }

    @Test
    void whatEndsProgramsDoesNotEndIt() throws Exception {
        assertEquals(Optional.of(new VmmEnd(false, 5)), run("kill $_, getppid for qw(HUP INT QUIT TERM); exit 5"));
    }

    @Test
    void itsProgramHasSignalsAsOthersHaveThem() throws Exception {
        assertEquals(Optional.of(new VmmEnd(true, 13)), run("kill 'PIPE', $$; sleep 60"));
        BootLogs.begin(files);
        assertEquals(Optional.of(new VmmEnd(true, 15)), run("kill 'TERM', $$; sleep 60"));
    }

    @Test
    void rootsKeeperIsNoLongerRootInAnyWay() throws Exception {
        assumeTrue(Files.isReadable(Path.of("/proc/self/status")) && spawner.locate("setpriv").isPresent(),
                "no /proc or no setpriv");
        UserSeparation users = new UserSeparation(new StoreLayout(Path.of("/state"), Path.of("/run/none")),
                Accelerator.TCG, _ -> true);
        assumeTrue(users.applies() && users.obstacle().isEmpty(), "not root, or one that has no other users");
        int user = VmmUserIds.LAST;
        // It becomes the user a moment after its program was started.
        String report = """
                my @status;
                for (1 .. 2000) {
                    open my $s, '<', '/proc/' . getppid . '/status';
                    @status = <$s>;
                    last if grep { /^Uid:(?:\\s+%d){4}$/ } @status;
                    select undef, undef, undef, 0.01;
                }
                print STDERR @status;
                """.formatted(user);
        spawner.spawn(ID, List.of("perl", "-e", report), files, new Spawner.Bounds(List.of(), Optional.empty(),
                Optional.of(new VmmUser(user, OptionalInt.empty(), false)), Optional.empty(), List.of(), List.of()));
        assertEquals(Optional.of(new VmmEnd(false, 0)), end());
        String status = Files.readString(files.vmmLog());
        for (String ids : List.of("Uid", "Gid")) {
            assertTrue(status.contains(ids + ":" + ("\t" + user).repeat(4) + "\n"), status);
        }
        assertTrue(status.contains("CapPrm:\t0000000000000000\n") && status.contains("NoNewPrivs:\t1\n"), status);
    }

    @Test
    void anEndThatNobodyWillWriteIsNotWaitedFor() { // for one that will be written, it is for 3 s
        long before = System.nanoTime();
        assertEquals(Optional.empty(), VmmEnd.of(files));
        assertTrue(System.nanoTime() - before < Duration.ofSeconds(2).toNanos(), "waited");
    }

    @Test
    void saysInItsOwnWordsWhyItDoesNotStart() throws IOException {
        Path group = folder.resolve("gone");
        DriverException error = assertThrows(DriverException.class, () -> spawner.spawn(ID, List.of("true"), files,
                new Spawner.Bounds(List.of(group), Optional.empty(), Optional.empty(), Optional.empty(), List.of(),
                        List.of())));
        String said = String.valueOf(error.getMessage());
        assertTrue(said.contains("control group") && said.contains(group + "/cgroup.procs") && !said.contains("["),
                said);
        assertFalse(error.fix().contains("perl"), error.fix());
        Spawner bare = new Spawner(Files.createDirectory(folder.resolve("bin")).toString());
        for (String tool : List.of("sh", "setsid")) {
            Files.createSymbolicLink(folder.resolve("bin").resolve(tool), spawner.locate(tool).orElseThrow());
        }
        BootLogs.begin(files);
        assertEquals("install perl", assertThrows(DriverException.class,
                () -> bare.spawn(ID, List.of("true"), files, NONE)).fix());
    }
}
