package dev.provision.hypervisor.qemu.volumes;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** UNIX-domain sockets that processes listen on. To try a connection would use up the only one that a server takes. */
final class ListeningSockets {

    private static final Path TABLE = Path.of("/proc/net/unix");

    /** {@code __SO_ACCEPTCON}, proc(5). */
    private static final String LISTENING = "00010000";
    private static final int FLAGS = 3;
    private static final int PATH = 7;

    private ListeningSockets() {}

    static boolean has(Path socket) throws IOException {
        return has(new String(Files.readAllBytes(TABLE), StandardCharsets.UTF_8), socket);
    }

    /** {@code Num RefCount Protocol Flags Type St Inode Path}, a line each. */
    static boolean has(String table, Path socket) {
        return table.lines()
                .map(line -> line.split(" +", PATH + 1))
                .anyMatch(words -> words.length > PATH && words[FLAGS].equals(LISTENING)
                        && words[PATH].equals(socket.toString()));
    }
}
