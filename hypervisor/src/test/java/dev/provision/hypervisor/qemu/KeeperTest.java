package dev.provision.hypervisor.qemu;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.provision.hypervisor.MachineId;
import dev.provision.hypervisor.qemu.bridges.Tap;
import dev.provision.hypervisor.qemu.commandline.BoundLog;
import dev.provision.hypervisor.qemu.vm.VmmEnd;
import dev.provision.hypervisor.store.MachineFiles;
import dev.provision.hypervisor.store.PrivateFiles;
import dev.provision.hypervisor.store.StoreLayout;

import static org.junit.jupiter.api.Assertions.assertEquals;
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
    private Optional<VmmEnd> run(String script) throws IOException {
        spawner.spawn(ID, List.of("perl", "-e", script), files,
                new Spawner.Bounds(List.of(), Optional.empty(), Optional.empty(), Optional.empty(), List.of(),
                        List.of()));
        Optional<VmmEnd> end = Optional.empty();
        for (int attempt = 0; attempt < 60 && end.isEmpty(); attempt++) {
            end = VmmEnd.of(files);
        }
        return end;
    }

    @Test
    void holdsLogsToTheirBoundsAndKeepsTheirEnds() throws IOException {
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
    void aLogThatIsEmptiedByHandBeginsAnew() throws IOException {
        run("""
                open my $run, '>&=', 22;
                syswrite $run, "before\\n";
                select undef, undef, undef, 0.3;
                truncate '%s', 0;
                syswrite $run, "after\\n";
                """.formatted(files.runLog()));
        assertEquals("after\n", Files.readString(files.runLog()));
    }

    @Test
    void writesDownWhichSignalEndedIt() throws IOException {
        assertEquals(Optional.of(new VmmEnd(true, 9)), run("kill 9, $$; sleep 60"));
    }

    @Test
    void saysWhatIsWrongWithAProgramThatCannotBeStarted() throws IOException {
        spawner.spawn(ID, List.of("/nowhere/qemu"), files,
                new Spawner.Bounds(List.of(), Optional.empty(), Optional.empty(), Optional.empty(), List.of(),
                        List.of()));
        assertTrue(VmmEnd.of(files).orElseThrow().number() != 0);
        assertTrue(Files.readString(files.vmmLog()).contains("/nowhere/qemu: No such file"));
    }

    @Test
    void aTapThatCannotJoinItsBridgeIsNoVmmAndLeavesNothing() throws IOException {
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
}
