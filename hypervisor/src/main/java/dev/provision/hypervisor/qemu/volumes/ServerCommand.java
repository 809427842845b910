package dev.provision.hypervisor.qemu.volumes;

import java.nio.file.Path;
import java.util.List;

import dev.provision.schema.fleet.Volume;

/**
 * The command that becomes the server of one volume: a pure function of the volume and of where things are.
 *
 * <p>
 * virtiofsd of QEMU 7.2 cannot be told to serve read-only. So it gets a mount namespace of its own, in which nothing but
 * this volume's folder is mounted where it looks, read-only where the volume is: then it is the host's kernel that
 * refuses to write, whatever the guest mounts or sends. Mounts inside of the folder are not part of the volume.
 */
final class ServerCommand {

    /**
     * $1: the folder's real path, $2: where to mount it, $3: ro or rw; then the program and its arguments. What was
     * checked is what is mounted: the folder is entered first, and when it is not where it was (a link has been put in
     * its place) nothing is served. {@code mount -c} takes {@code .} as it is, so that no path is walked again.
     */
    private static final String SETUP = """
            set -e
            cd -P -- "$1"
            [ "$(pwd -P)" = "$1" ] || { echo "$1 is not where it was" >&2; exit 1; }
            mount -n -c --bind . "$2"
            [ "$3" = rw ] || mount -n -c -o remount,bind,ro "$2"
            cd /
            shift 3
            exec "$@"
            """;

    private ServerCommand() {}

    /**
     * Each step becomes the next one, so that the first one's pid is the server's. Of the manifest only the folder's
     * path is in it, as an argument of its own.
     *
     * @param mountPoint
     *            an empty directory
     */
    static List<String> of(Volume volume, Path socket, Path mountPoint) {
        return List.of("unshare", "--mount", "--propagation", "private", "--",
                "sh", "-c", SETUP, "volume", volume.source(), mountPoint.toString(), volume.readOnly() ? "ro" : "rw",
                VolumeSupport.VIRTIOFSD.toString(), socketOption(socket), "-f",
                "-o", "source=" + escape(mountPoint.toString()),
                // Namespaces of its own for processes, mounts and network, and a root that is the volume.
                "-o", "sandbox=namespace",
                // A guest has no business making device nodes that the host's users could open.
                "-o", "modcaps=-mknod",
                "-o", "log_level=err");
    }

    /** Whether a process with this argv is the server of a volume, or about to become it, by its socket. */
    static boolean isServer(List<String> argv, Path sockets) {
        int program = argv.indexOf(VolumeSupport.VIRTIOFSD.toString());
        return program >= 0 && program + 1 < argv.size()
                && argv.get(program + 1).startsWith(socketOption(sockets) + "/");
    }

    /** Whether a server with this argv has that socket. */
    static boolean serves(List<String> argv, Path socket) {
        return argv.contains(socketOption(socket));
    }

    private static String socketOption(Path socket) {
        return "--socket-path=" + socket;
    }

    /** Options of FUSE programs end at a comma, unless a backslash is before it. */
    private static String escape(String value) {
        return value.replace("\\", "\\\\").replace(",", "\\,");
    }
}
