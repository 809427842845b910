package dev.provision.hypervisor.store;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertEquals;

/** Which of two runtime folders a store keeps to. */
class RuntimeFolderTest {

    @TempDir
    private Path folder = Path.of("");

    private Path state = Path.of("");
    private Path login = Path.of("");
    private Path cron = Path.of("");

    @BeforeEach
    void open() throws Exception {
        state = Files.createDirectory(folder.resolve("state"));
        login = Files.createDirectory(folder.resolve("login"));
        cron = folder.resolve("cron");
    }

    @Test
    void theOneThatMachinesHave() throws Exception {
        assertEquals(login, RuntimeFolder.of(state, login), "nothing was started yet");
        RuntimeFolder.note(state, login);
        assertEquals(cron, RuntimeFolder.of(state, cron), "nothing is there");
        Path sockets = Files.createDirectories(new StoreLayout(state, login).socketRoot());
        Files.createDirectory(sockets.resolve("volume"));
        assertEquals(cron, RuntimeFolder.of(state, cron), "a mount point is no machine");
        Path machine = Files.createDirectory(sockets.resolve("machine"));
        assertEquals(login, RuntimeFolder.of(state, cron));
        assertEquals(login, RuntimeFolder.note(state, cron), "who has looked before the machine was started");
        assertEquals(login, RuntimeFolder.of(state, cron));
        Files.delete(machine);
        assertEquals(cron, RuntimeFolder.note(state, cron));
        assertEquals(login, RuntimeFolder.of(state, login), "all of them were stopped, and others started elsewhere");
    }

    /** Somebody else may write there by now, and would decide who is talked to. */
    @Test
    void neverOneThatOthersMayWriteTo() throws Exception {
        RuntimeFolder.note(state, login);
        Files.createDirectories(new StoreLayout(state, login).socketRoot().resolve("machine"));
        Files.setPosixFilePermissions(login, PosixFilePermissions.fromString("rwxrwxrwx"));
        assertEquals(cron, RuntimeFolder.of(state, cron));
    }

    @Test
    void aNoteThatIsNoneSaysNothing() throws Exception {
        Files.writeString(state.resolve("runtime"), "\0 no path\n");
        assertEquals(cron, RuntimeFolder.of(state, cron));
    }
}
