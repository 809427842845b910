package dev.provision.hypervisor.qemu.channel;

import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Map;

import jdk.net.ExtendedSocketOptions;

/**
 * Who listens on a socket that a VMM has made. A VMM that is not root's makes its sockets in a folder that it may write
 * to: taken over by its guest, it could put a link there to those of another machine, and what root does to one machine
 * would be done to another, or to any program of root's. So who listens must be who the folder is for: the user of its
 * group's number where its group may write to it, else its owner.
 */
public final class Listener {
    private static final int GROUP_WRITE = 0020;

    private Listener() {}

    /**
     * Looks at who listens on a socket that this is connected to.
     *
     * @throws IOException
     *             when somebody else listens there
     */
    public static void requireOwn(SocketChannel connected, Path socket) throws IOException {
        Path folder = socket.resolveSibling("").normalize();
        String peer = connected.getOption(ExtendedSocketOptions.SO_PEERCRED).user().getName();
        Map<String, Object> folders = Files.readAttributes(folder, "unix:gid,owner,mode", LinkOption.NOFOLLOW_LINKS);
        boolean granted = folders.get("mode") instanceof Integer mode && (mode & GROUP_WRITE) != 0;
        if (!peer.equals(String.valueOf(folders.get(granted ? "gid" : "owner")))) {
            throw new IOException("user " + peer + " listens on " + socket + ", which is not the machine's");
        }
    }
}
