package dev.provision.hypervisor.qemu;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import dev.provision.hypervisor.host.cgroup.ControlGroups;
import dev.provision.hypervisor.host.process.ThreadAffinity;
import dev.provision.hypervisor.qemu.isolation.VmmUser;
import dev.provision.hypervisor.store.MachineFiles;
import dev.provision.schema.fleet.CpuSet;

/**
 * Starts VMMs as processes of their own: they outlive this one, and a Ctrl-C at the terminal does not reach them. The
 * JVM closes all descriptors but the three standard ones in its children.
 */
final class Spawner {
    /**
     * A new session by a program that then becomes the VMM, so that the child's pid is the VMM's: setsid(1) forks only
     * when it leads a process group, which a child of the JVM never does. macOS has no setsid(1) but a Perl.
     */
    private static final List<String> LINUX_SESSION = List.of("setsid");
    private static final List<String> MAC_SESSION = List.of("perl", "-MPOSIX", "-e",
            "POSIX::setsid(); exec { $ARGV[0] } @ARGV or die qq($!\\n)");

    /**
     * Joins the control groups named before the first {@code --}, opens the files named before the second for reading as
     * descriptors 3, 4, …, then becomes the program named behind it. What holds a guest's memory leaves no core file, and
     * of a guest's connections each is a descriptor: the JVM has raised its own limit of those to the most there is.
     */
    private static final String PREPARE = """
            umask 077
            ulimit -c 0
            ulimit -n 16384 2>/dev/null
            while [ "$1" != -- ]; do echo 0 > "$1" || exit 125; shift; done
            shift
            n=3
            while [ "$1" != -- ]; do eval "exec $n< \\"\\$1\\"" || exit 125; n=$((n + 1)); shift; done
            shift
            exec "$@"
            """;

    /** How a VMM is held from its first instruction on. */
    record Bounds(List<Path> groups, Optional<CpuSet> cpus, Optional<VmmUser> user, List<Path> opened) {}

    /** The path of the descriptor that a program has of the file at that place of {@link Bounds#opened}. */
    static Path opened(int place) {
        return Path.of("/proc/self/fd", Integer.toString(3 + place));
    }

    private final Path devNull = Path.of("/dev/null");
    private final String searchPath;

    Spawner(String searchPath) {
        this.searchPath = searchPath;
    }

    /** The program's absolute path; empty when it is not on the search path. */
    Optional<Path> locate(String program) {
        if (program.indexOf('/') >= 0) {
            return Optional.of(Path.of(program)).filter(Files::isExecutable);
        }
        for (String directory : searchPath.split(":", -1)) {
            Path candidate = Path.of(directory.isEmpty() ? "." : directory, program);
            if (Files.isExecutable(candidate) && Files.isRegularFile(candidate)) {
                return Optional.of(candidate.toAbsolutePath());
            }
        }
        return Optional.empty();
    }

    /**
     * Starts a VMM; its output goes to the machine's {@code vmm.log}.
     *
     * @return its pid
     */
    long spawn(List<String> argv, MachineFiles files, Bounds bounds) throws IOException {
        List<String> command = new ArrayList<>(List.of("sh", "-c", PREPARE, "sh"));
        bounds.groups().forEach(group -> command.add(ControlGroups.processes(group).toString()));
        command.add("--");
        bounds.opened().forEach(file -> command.add(file.toString()));
        command.add("--");
        command.addAll(ThreadAffinity.prefix(bounds.cpus()));
        bounds.user().ifPresent(user -> command.addAll(user.prefix()));
        command.addAll(argv);
        return launch(command, Path.of("/"), files.vmmLog());
    }

    /**
     * Starts another program of a machine in the same way; nothing limits it.
     *
     * @param log
     *            what its output is appended to
     * @return its pid
     */
    long spawn(List<String> argv, MachineFiles files, Path log) throws IOException {
        return launch(argv, files.directory(), log);
    }

    private long launch(List<String> argv, Path folder, Path log) throws IOException {
        List<String> command = new ArrayList<>(
                System.getProperty("os.name", "").equals("Linux") ? LINUX_SESSION : MAC_SESSION);
        command.addAll(argv);
        ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile())
                .redirectInput(devNull.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        // Nothing of the caller's environment is the VMM's business; messages are to be matched, so no locale.
        builder.environment().clear();
        builder.environment().putAll(Map.of("PATH", searchPath, "LC_ALL", "C"));
        return builder.start().pid();
    }
}
