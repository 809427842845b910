package dev.provision.provisioner.metrics;

import java.io.IOException;
import java.net.ConnectException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

/** A listening UNIX socket in the file system, and the file that stands for it. */
record MetricsSocket(ServerSocketChannel channel, Path path, @Nullable Object file) {

    /** {@code S_IFMT} and {@code S_IFSOCK}, inode(7). */
    private static final int TYPE = 0170000;
    private static final int SOCKET = 0140000;

    /**
     * Listens. A socket that a killed watch has left is replaced; whatever else is there is left alone.
     *
     * @throws IOException
     *             also when somebody listens there, or something is there that is no socket
     */
    static MetricsSocket open(Path path) throws IOException {
        removeLeftBehind(path);
        ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            channel.bind(UnixDomainSocketAddress.of(path));
            MetricsSocket socket = new MetricsSocket(channel, path, identity(path));
            try {
                Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
            } catch (IOException e) {
                socket.remove();
                throw e;
            }
            return socket;
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    /** By lstat(2), before anybody connects: a file or a folder refuses connections just as a socket does that nobody listens on. */
    private static void removeLeftBehind(Path path) throws IOException {
        if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        if (!isSocket(path)) {
            throw new IOException("there is something at " + path + " that is no socket, and it is left alone");
        }
        try (SocketChannel _ = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
            throw new IOException("somebody listens on " + path + " already");
        } catch (ConnectException e) {
            Files.delete(path);
        }
    }

    private static boolean isSocket(Path path) throws IOException {
        return Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS) instanceof Integer mode
                && (mode & TYPE) == SOCKET;
    }

    /** Device and inode: another file of the same name has others. */
    private static @Nullable Object identity(Path path) throws IOException {
        return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS).fileKey();
    }

    /** Removes the file, unless somebody has put another one in its place. */
    void remove() throws IOException {
        if (Files.exists(path, LinkOption.NOFOLLOW_LINKS) && isSocket(path)
                && Objects.equals(file, identity(path))) {
            Files.delete(path);
        }
    }
}
