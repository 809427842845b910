package dev.provision.hypervisor.qemu.channel;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class ListenerTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    /** Who has the folder could link a socket there to any other one of its owner's, such as one of root's services. */
    @Test
    void inAFolderThatAnotherUserMayWriteToItsOwnerIsNobody() throws IOException {
        Path sockets = Files.createDirectory(folder.resolve("sockets"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        UnixDomainSocketAddress address = UnixDomainSocketAddress.of(sockets.resolve("qmp.sock"));
        try (ServerSocketChannel service = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            service.bind(address);
            try (SocketChannel connected = SocketChannel.open(address)) {
                assertDoesNotThrow(() -> Listener.requireOwn(connected, address.getPath()));
                Files.setPosixFilePermissions(sockets, PosixFilePermissions.fromString("rwx-wx---"));
                IOException refusal = assertThrows(IOException.class,
                        () -> Listener.requireOwn(connected, address.getPath()));
                assertTrue(String.valueOf(refusal.getMessage()).contains("listens on"), refusal.toString());
            }
        }
    }
}
