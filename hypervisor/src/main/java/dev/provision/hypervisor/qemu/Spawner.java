package dev.provision.hypervisor.qemu;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

import dev.provision.hypervisor.DriverException;
import dev.provision.hypervisor.MachineId;
import dev.provision.hypervisor.host.cgroup.ControlGroups;
import dev.provision.hypervisor.host.process.ThreadAffinity;
import dev.provision.hypervisor.qemu.bridges.Tap;
import dev.provision.hypervisor.qemu.commandline.BoundLog;
import dev.provision.hypervisor.qemu.isolation.VmmUser;
import dev.provision.hypervisor.qemu.vm.StartFailure;
import dev.provision.hypervisor.store.MachineFiles;
import dev.provision.schema.fleet.CpuSet;
import dev.provision.schema.units.ByteSize;

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
     * Joins the control groups named before {@code --}, then becomes the program named behind it. What holds a guest's
     * memory leaves no core file, and each of a guest's connections is a descriptor: the JVM has raised its own limit of
     * those to the most there is.
     */
    private static final String BOUND = """
            umask 077
            ulimit -c 0
            ulimit -n 16384 2>/dev/null
            while [ "$1" != -- ]; do
                echo 0 > "$1" || { echo "cannot join $1" >&2; exit 125; }
                shift
            done
            shift
            exec "$@"
            """;

    /** Opens the files named before {@code --} for reading as descriptors 3, 4, …, then becomes the program. */
    private static final String OPEN = """
            n=3
            while [ "$1" != -- ]; do eval "exec $n< \\"\\$1\\"" || exit 125; n=$((n + 1)); shift; done
            shift
            exec "$@"
            """;

    /** What is not root's for good becomes no one else either, by no program: the keeper, and the VMM that it starts. */
    private static final List<String> NOTHING_MORE = List.of("setpriv", "--no-new-privs");

    private static final String KEEPER = resource("keeper.pl");

    /** What QEMU itself writes: a few lines, unless a guest makes it write more. */
    private static final int VMM_LOG_MAX = 1 << 20;
    private static final int VMM_LOG_KEPT = 256 << 10;

    /**
     * How a VMM is held from its first instruction on.
     *
     * @param locked
     *            how much memory it may lock; absent: as this process
     * @param opened
     *            files that it gets open
     * @param taps
     *            network devices that are made for it, and that it gets open
     */
    record Bounds(List<Path> groups, Optional<CpuSet> cpus, Optional<VmmUser> user, Optional<ByteSize> locked,
            List<Path> opened, List<Tap> taps) {}

    /** The path of the descriptor that a program has of the file at that place of {@link Bounds#opened}. */
    static Path opened(int place) {
        return Path.of("/proc/self/fd", Integer.toString(3 + place));
    }

    private static final List<String> SESSION = System.getProperty("os.name", "").equals("Linux") ? LINUX_SESSION
            : MAC_SESSION;

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
     * Starts a VMM by its keeper, a small process that holds its logs to their bounds and writes down how it ended.
     *
     * @param name
     *            the machine's, for who looks at processes
     * @return the VMM's pid
     */
    long spawn(MachineId name, List<String> argv, MachineFiles files, Bounds bounds)
            throws DriverException, IOException {
        Process keeper = startKeeper(name, files, bounds);
        try (InputStream output = keeper.getInputStream()) {
            tell(keeper, argv, bounds);
            return Long.parseLong(new String(output.readAllBytes(), StandardCharsets.US_ASCII).strip());
        } catch (IOException | NumberFormatException e) {
            throw StartFailure.ofKeeper(name, files, e);
        }
    }

    private static List<String> keeper(MachineId name, MachineFiles files, Bounds bounds) {
        List<String> command = new ArrayList<>(SESSION);
        command.addAll(List.of("sh", "-c", BOUND, "sh"));
        bounds.groups().forEach(group -> command.add(ControlGroups.processes(group).toString()));
        command.add("--");
        bounds.user().ifPresent(_ -> command.addAll(NOTHING_MORE));
        command.addAll(List.of("perl", "-", name.toString(),
                bounds.user().map(user -> Integer.toString(user.id())).orElse("-"), files.vmmEnd().toString(),
                Integer.toString(bounds.taps().size())));
        bounds.taps()
                .forEach(tap -> command.addAll(
                        List.of(tap.name(), tap.alias(), tap.bridge(), Integer.toString(tap.descriptor()))));
        for (BoundLog log : BoundLog.values()) {
            command.addAll(List.of(log.file(files).toString(), Integer.toString(log.most()),
                    Integer.toString(log.head()), Integer.toString(log.tail())));
        }
        command.addAll(List.of(files.vmmLog().toString(), Integer.toString(VMM_LOG_MAX), "0",
                Integer.toString(VMM_LOG_KEPT)));
        return command;
    }

    private Process startKeeper(MachineId name, MachineFiles files, Bounds bounds) throws IOException {
        return builder(keeper(name, files, bounds), Path.of("/"))
                .redirectError(ProcessBuilder.Redirect.appendTo(files.vmmLog().toFile()))
                .start();
    }

    /** On its own command line the VMM's would make it look like one. */
    private static void tell(Process keeper, List<String> argv, Bounds bounds) throws IOException {
        try (OutputStream input = keeper.getOutputStream()) {
            input.write((KEEPER + "__END__\n" + String.join("\0", program(argv, bounds)))
                    .getBytes(StandardCharsets.UTF_8));
        }
    }

    /** As if this process were killed before it learns the pid. */
    void spawnUnheard(MachineId name, List<String> argv, MachineFiles files, Bounds bounds) throws IOException {
        Process keeper = startKeeper(name, files, bounds);
        keeper.getInputStream().close();
        tell(keeper, argv, bounds);
    }

    private static List<String> program(List<String> argv, Bounds bounds) {
        List<String> command = new ArrayList<>();
        if (!bounds.opened().isEmpty()) {
            command.addAll(List.of("sh", "-c", OPEN, "sh"));
            bounds.opened().forEach(file -> command.add(file.toString()));
            command.add("--");
        }
        command.addAll(ThreadAffinity.prefix(bounds.cpus()));
        bounds.locked()
                .ifPresent(most -> command
                        .addAll(List.of("prlimit", "--memlock=" + most.bytes() + ":" + most.bytes())));
        bounds.user().ifPresent(user -> command.addAll(user.prefix()));
        command.addAll(argv);
        return command;
    }

    /**
     * Starts another program of a machine in the same way; nothing limits it.
     *
     * @param log
     *            what its output is appended to
     * @return its pid
     */
    long spawn(List<String> argv, MachineFiles files, Path log) throws IOException {
        List<String> command = new ArrayList<>(SESSION);
        command.addAll(argv);
        return builder(command, files.directory()).redirectInput(devNull.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start()
                .pid();
    }

    private ProcessBuilder builder(List<String> command, Path folder) {
        ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
        // Nothing of the caller's environment is the VMM's business; messages are to be matched, so no locale.
        builder.environment().clear();
        builder.environment().putAll(Map.of("PATH", searchPath, "LC_ALL", "C"));
        return builder;
    }

    private static String resource(String name) {
        try (InputStream text = Spawner.class.getResourceAsStream(name)) {
            return new String(Objects.requireNonNull(text, name).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
