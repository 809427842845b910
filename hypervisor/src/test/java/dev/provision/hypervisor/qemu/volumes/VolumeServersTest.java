package dev.provision.hypervisor.qemu.volumes;

import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.provision.hypervisor.MachineId;
import dev.provision.hypervisor.host.process.Processes;
import dev.provision.hypervisor.qemu.vm.Vm;
import dev.provision.hypervisor.store.PrivateFiles;
import dev.provision.hypervisor.store.StoreLayout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

class VolumeServersTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    @Test
    void aLinkInPlaceOfTheirFolderIsRemovedAndNotFollowed() throws Exception {
        StoreLayout layout = new StoreLayout(folder.resolve("state"), folder.resolve("run"));
        MachineId id = new MachineId("shop", "web");
        Vm vm = Vm.of(id, layout.machine(id));
        PrivateFiles.makeDirectories(vm.files().sockets());
        Path elsewhere = Files.createDirectory(folder.resolve("elsewhere"));
        Path kept = Files.writeString(elsewhere.resolve("kept"), "kept");
        Files.createSymbolicLink(vm.files().volumeSockets(), elsewhere);
        new VolumeServers(layout, Processes.ofThisHost(), (_, _, _) -> 0, Optional.empty()).end(vm);
        assertFalse(Files.exists(vm.files().volumeSockets(), LinkOption.NOFOLLOW_LINKS));
        assertEquals("kept", Files.readString(kept));
    }
}
