package dev.provision.hypervisor.qemu;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.provision.hypervisor.MachineId;
import dev.provision.hypervisor.qemu.vm.VmmEnd;
import dev.provision.hypervisor.store.MachineFiles;
import dev.provision.hypervisor.store.PrivateFiles;
import dev.provision.hypervisor.store.StoreLayout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

class BootLogsTest {

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    @SuppressWarnings("NullAway.Init")
    private MachineFiles files;

    @BeforeEach
    void makeDirectory() throws IOException {
        files = new StoreLayout(folder, folder).machine(new MachineId("ci-lab", "web"));
        PrivateFiles.makeDirectories(files.directory());
    }

    @Test
    void keepsTheConsoleOfOneBoot() throws IOException {
        BootLogs.begin(files);
        assertFalse(Files.exists(files.lastConsoleLog()));
        Files.writeString(files.consoleLog(), "x".repeat(BootLogs.CONSOLE_KEPT) + "panic");
        Files.writeString(files.reportLog(), "ready\n");
        Files.writeString(files.vmmLog(), "qemu: no\n");
        BootLogs.begin(files);
        BootLogs.begin(files); // a boot that came to nothing wrote nothing
        assertEquals(0, Files.size(files.consoleLog()) + Files.size(files.reportLog()) + Files.size(files.vmmLog()));
        assertEquals("x".repeat(BootLogs.CONSOLE_KEPT - 5) + "panic", Files.readString(files.lastConsoleLog()));
        assertEquals("rw-------",
                PosixFilePermissions.toString(Files.getPosixFilePermissions(files.lastConsoleLog())));
    }

    /** A file that is empty has no room of its own on a disk that is full when the VMM ends. */
    @Test
    void hasRoomForHowTheVmmWillEnd() throws IOException {
        BootLogs.begin(files);
        assertTrue(Files.size(files.vmmEnd()) > 0);
        assertEquals(Optional.empty(), VmmEnd.of(files));
        Files.writeString(files.vmmEnd(), "exit 3\n");
        assertEquals(Optional.of(new VmmEnd(false, 3)), VmmEnd.of(files));
        BootLogs.begin(files);
        assertEquals(Optional.empty(), VmmEnd.of(files));
    }

    @Test
    void countsTheAttemptsOfAllBoots() throws IOException {
        assertEquals(0, BootLogs.begin(files));
        Files.writeString(files.reportLog(), "started attempt=1\nexited attempt=1 code=1\nstarted attempt=2\n");
        assertEquals(2, BootLogs.begin(files));
        assertEquals(2, BootLogs.begin(files), "nothing was started in between");
        Files.writeString(files.reportLog(), "started attempt=1\n");
        assertEquals(3, BootLogs.begin(files));
    }

    @Test
    void keepsTheEndOfAVeryLongOutput() throws IOException {
        Files.write(files.runLog(), new byte[(int) BootLogs.RUN_MAX]);
        BootLogs.begin(files);
        assertEquals(BootLogs.RUN_MAX, Files.size(files.runLog()));
        Files.write(files.runLog(), new byte[(int) BootLogs.RUN_MAX + 1]);
        BootLogs.begin(files);
        assertEquals(BootLogs.RUN_KEPT, Files.size(files.runLog()));
    }
}
