package dev.provision.hypervisor.qemu.vm;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import dev.provision.hypervisor.DriverException;
import dev.provision.hypervisor.MachineId;
import dev.provision.hypervisor.store.PrivateFiles;
import dev.provision.hypervisor.store.StoreLayout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

class StartFailureTest {

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "qemu: -netdev user: Could not set up host forwarding rule 'tcp:127.0.0.1:80-:8080'"
                + "|the host address 127.0.0.1:80 cannot be forwarded: something else listens there, or it is not this host's",
        "qemu: cannot set up guest memory 'microvm.ram': Cannot allocate memory|the host has no memory for it",
        "qemu: -netdev dgram,id=fleet0,remote.type=inet,remote.host=239.1.2.3,remote.port=21325,local.type=inet,local.host=127.0.0.1,local.port=0:"
                + " can't bind ip=239.1.2.3 to socket: Address already in use"
                + "|a program of this host holds UDP port 21325, where its network is (group 239.1.2.3)",
        "Could not access KVM kernel module: Permission denied|KVM cannot be used"})
    void translates(String line, String meaning) throws IOException {
        assertEquals("ci-lab/web does not start: " + meaning + " (QEMU: " + line + ")", message(line + "\n"));
    }

    @Test
    void givesUnknownWordsAsTheyAre() throws IOException {
        assertEquals("ci-lab/web does not start: QEMU: qemu: no idea", message("first\nqemu: no idea\n"));
        assertEquals("ci-lab/web does not start: QEMU ended without a word, and nobody knows how", message(""));
    }

    @Test
    void whoSaysNothingMayStartTheNextTime() throws IOException {
        assertTrue(failure("").isPassing());
        assertFalse(failure("qemu: no idea\n").isPassing());
    }

    @Test
    void ofOneThatSaidNothingItTellsHowItEnded() throws IOException {
        String end = "ci-lab/web does not start: QEMU ended without a word";
        assertEquals(end + ", exit code 0", message("", "exit 0\n"));
        assertEquals(end + ": its VMM crashed (SIGSEGV)", message("", "signal 11\n"));
    }

    private String message(String log, String ended) throws IOException {
        MachineId id = new MachineId("ci-lab", "web");
        Path file = new StoreLayout(folder, folder).machine(id).vmmEnd();
        PrivateFiles.makeDirectories(file.resolveSibling("").normalize());
        Files.writeString(file, ended);
        return message(log);
    }

    private String message(String log) throws IOException {
        return String.valueOf(failure(log).getMessage());
    }

    private DriverException failure(String log) throws IOException {
        MachineId id = new MachineId("ci-lab", "web");
        Vm vm = Vm.of(id, new StoreLayout(folder, folder).machine(id));
        PrivateFiles.makeDirectories(vm.files().directory());
        Files.writeString(vm.files().vmmLog(), log);
        return StartFailure.of(vm);
    }
}
