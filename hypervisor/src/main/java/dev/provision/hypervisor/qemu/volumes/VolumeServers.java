package dev.provision.hypervisor.qemu.volumes;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

import dev.provision.hypervisor.DriverException;
import dev.provision.hypervisor.host.cgroup.ControlGroups;
import dev.provision.hypervisor.host.process.ObservedProcess;
import dev.provision.hypervisor.host.process.ProcessIdentity;
import dev.provision.hypervisor.host.process.ProcessSignal;
import dev.provision.hypervisor.host.process.Processes;
import dev.provision.hypervisor.host.process.SignalOutcome;
import dev.provision.hypervisor.qemu.channel.Deadline;
import dev.provision.hypervisor.qemu.vm.AfterFailure;
import dev.provision.hypervisor.qemu.vm.LogTail;
import dev.provision.hypervisor.qemu.vm.Vm;
import dev.provision.hypervisor.store.MachineFiles;
import dev.provision.hypervisor.store.PrivateFiles;
import dev.provision.hypervisor.store.StoreLayout;
import dev.provision.planner.host.DriverCapabilities.Lack;
import dev.provision.planner.host.UnusableFolder;
import dev.provision.schema.fleet.MachineSpec;
import dev.provision.schema.fleet.Volume;

/**
 * The servers of machines' volumes. Each ends by itself when its VMM closes the connection, however that ends; one that
 * never had a connection waits for it for ever, so whoever starts or ends a machine ends what is left. A process is
 * taken for a server by its argv, which carries the path of its socket in the machine's own directory.
 */
public final class VolumeServers {
    private static final Duration START_TIMEOUT = Duration.ofSeconds(30);
    private static final Duration POLL = Duration.ofMillis(10);

    /** To end by itself when the VMM has gone. */
    private static final Duration OWN_END = Duration.ofMillis(500);
    private static final Duration SIGNAL_WAIT = Duration.ofSeconds(5);
    private static final int LOG_LINES = 5;

    /** Where virtiofsd keeps a lock for each socket; it never removes one. */
    private static final Path LOCKS = Path.of("/var/run/virtiofsd");

    /** Starts a program of a machine in a session of its own; says its pid. */
    @FunctionalInterface
    public interface Launcher {
        long launch(List<String> argv, MachineFiles files, Path log) throws IOException;
    }

    private final StoreLayout layout;
    private final Processes processes;
    private final Launcher launcher;
    private final Optional<Lack> lack;

    public VolumeServers(StoreLayout layout, Processes processes, Launcher launcher, Optional<Lack> lack) {
        this.layout = layout;
        this.processes = processes;
        this.launcher = launcher;
        this.lack = lack;
    }

    /** To be called before the machine's VMM is started; when it returns, that can connect to all of them. */
    public void start(Vm vm, MachineSpec spec) throws DriverException, InterruptedException, IOException {
        end(vm);
        if (spec.volumes().isEmpty()) {
            return;
        }
        try {
            if (lack.isPresent()) {
                throw failure(vm, lack.get().why(), lack.get().fix());
            }
            serve(vm, spec.volumes());
        } catch (DriverException | InterruptedException | IOException | RuntimeException e) {
            AfterFailure.clear(e, () -> end(vm));
            throw e;
        }
    }

    private void serve(Vm vm, List<Volume> volumes) throws DriverException, InterruptedException, IOException {
        MachineFiles files = vm.files();
        for (Path directory : List.of(files.directory(), files.volumeSockets(), layout.volumeMountPoint())) {
            PrivateFiles.makeDirectories(directory);
        }
        PrivateFiles.makeEmpty(files.volumesLog());
        long[] pids = new long[volumes.size()];
        for (int number = 0; number < pids.length; number++) {
            Volume volume = volumes.get(number);
            Optional<UnusableFolder> problem = VolumeSource.problem(volume);
            if (problem.isPresent()) {
                throw failure(vm, "its volume at " + volume.target() + " cannot be had: " + problem.get().why(),
                        problem.get().fix());
            }
            pids[number] = launcher.launch(
                    ServerCommand.of(volume, files.volumeSocket(number), layout.volumeMountPoint()), files,
                    files.volumesLog());
        }
        Deadline deadline = Deadline.in(START_TIMEOUT);
        for (int number = 0; number < pids.length; number++) {
            awaitListening(vm, volumes.get(number), pids[number], files.volumeSocket(number), deadline);
        }
    }

    private void awaitListening(Vm vm, Volume volume, long pid, Path socket, Deadline deadline)
            throws DriverException, InterruptedException, IOException {
        while (!ListeningSockets.has(socket)) {
            boolean alive = processes.find(pid).filter(process -> !process.ended()).isPresent();
            if (!alive || deadline.passed()) {
                List<String> log = LogTail.of(vm.files().volumesLog(), LOG_LINES);
                throw failure(vm, "virtiofsd does not serve its volume at " + volume.target()
                        + (log.isEmpty() ? "" : ": " + log.getLast()), "read " + vm.files().volumesLog());
            }
            deadline.pause(POLL);
        }
    }

    private static DriverException failure(Vm vm, String what, String fix) {
        return new DriverException(vm.id() + " does not start: " + what, fix);
    }

    /** Ends those of a machine whose VMM has ended; returns when none is left. */
    public void end(Vm vm) throws DriverException, InterruptedException, IOException {
        MachineFiles files = vm.files();
        if (!Files.isDirectory(files.volumeSockets(), LinkOption.NOFOLLOW_LINKS)) {
            // Ours is made before the first of them is started. What else is of its name a VMM has put there.
            Files.deleteIfExists(files.volumeSockets());
            return;
        }
        List<ProcessIdentity> servers = servers(files);
        if (!gone(servers, Deadline.in(OWN_END))) {
            for (ProcessSignal signal : ProcessSignal.values()) {
                servers = servers(files); // the server and its child that does the work have the same argv
                for (ProcessIdentity server : servers) {
                    requireSent(vm, server, processes.signalIfSame(server, signal));
                }
                if (gone(servers, Deadline.in(SIGNAL_WAIT)) && servers(files).isEmpty()) {
                    break; // else one has forked its child since: that gets the next signal
                }
            }
        }
        for (ProcessIdentity left : servers(files)) {
            throw cannotEnd(vm, left, "does not die");
        }
        for (Path lock : locks(files)) {
            Files.deleteIfExists(lock);
        }
        PrivateFiles.removeTree(files.volumeSockets());
    }

    /**
     * Of the volumes that a machine was booted with, which runs: those that no process serves any more.
     *
     * @param volumes
     *            in the order in which it was booted with them
     */
    public List<Volume> lost(MachineFiles files, List<Volume> volumes) throws IOException {
        if (volumes.isEmpty()) {
            return List.of();
        }
        List<List<String>> servers = processes.list(argv -> ServerCommand.isServer(argv, files.volumeSockets()))
                .stream()
                .filter(process -> !process.ended())
                .map(ObservedProcess::argv)
                .toList();
        return IntStream.range(0, volumes.size())
                .filter(number -> servers.stream()
                        .noneMatch(argv -> ServerCommand.serves(argv, files.volumeSocket(number))))
                .mapToObj(volumes::get)
                .toList();
    }

    /**
     * Puts those of a machine into the control groups of its VMM: what they take then counts as the machine's. One that cannot
     * be moved is as it was: that is no reason not to run.
     */
    public void join(MachineFiles files, List<Path> groups) throws IOException {
        if (groups.isEmpty() || !Files.isDirectory(files.volumeSockets(), LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        for (ProcessIdentity server : servers(files)) {
            try {
                ControlGroups.join(groups, server.pid());
            } catch (IOException e) {
                // said above
            }
        }
    }

    private List<ProcessIdentity> servers(MachineFiles files) throws IOException {
        return processes.list(argv -> ServerCommand.isServer(argv, files.volumeSockets()))
                .stream()
                .filter(process -> !process.ended())
                .map(ObservedProcess::identity)
                .toList();
    }

    private boolean gone(List<ProcessIdentity> servers, Deadline deadline) throws InterruptedException, IOException {
        for (ProcessIdentity server : servers) {
            while (processes.find(server.pid())
                    .filter(process -> process.identity().equals(server) && !process.ended())
                    .isPresent()) {
                if (deadline.passed()) {
                    return false;
                }
                deadline.pause(POLL);
            }
        }
        return true;
    }

    private static void requireSent(Vm vm, ProcessIdentity server, SignalOutcome outcome) throws DriverException {
        switch (outcome) {
            case DELIVERED, GONE -> {
                // Whether it is dead is looked at next.
            }
            case NOT_PERMITTED -> throw cannotEnd(vm, server, "may not be ended by this user");
            case UNSUPPORTED -> throw cannotEnd(vm, server, "cannot be signalled without a race here");
        }
    }

    private static DriverException cannotEnd(Vm vm, ProcessIdentity server, String why) {
        return new DriverException(vm.id() + ": process " + server.pid() + ", which serves a volume of it, " + why,
                "look at it (`ps -fp " + server.pid() + "`), end it by hand, then try again");
    }

    /** {@code fv_socket_lock} of tools/virtiofsd/fuse_virtio.c: the socket's path, with dots for slashes. */
    private static List<Path> locks(MachineFiles files) throws IOException {
        String prefix = (files.volumeSockets() + "/").replace('/', '.');
        if (!Files.isDirectory(LOCKS)) {
            return List.of();
        }
        try (var all = Files.list(LOCKS)) {
            return all.filter(lock -> String.valueOf(lock.getFileName()).startsWith(prefix)).toList();
        }
    }
}
