package dev.provision.hypervisor.store;

import java.io.IOException;
import java.nio.file.Path;

/** A runtime directory so deep that sockets in it cannot be bound. */
public final class SocketPathTooLongException extends IOException {
    SocketPathTooLongException(Path path, int bytes, int max) {
        super("the socket path " + path + " has " + bytes + " bytes; the kernel takes at most " + max);
    }
}
