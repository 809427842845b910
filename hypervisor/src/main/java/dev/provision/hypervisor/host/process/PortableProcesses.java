package dev.provision.hypervisor.host.process;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

import dev.provision.schema.units.ByteSize;

/**
 * Processes as the JDK sees them, for systems without /proc. On macOS it sees the arguments of the user's own processes
 * (ProcessHandle.Info), and no resident size. {@code ProcessHandle.destroy} compares the start time before it signals;
 * between the two a window of microseconds remains, since macOS has no pidfd. Written from documentation for macOS; run
 * on Linux only.
 */
public final class PortableProcesses implements Processes {

    @Override
    public Optional<ObservedProcess> find(long pid) {
        return ProcessHandle.of(pid).flatMap(PortableProcesses::observed);
    }

    @Override
    public List<ObservedProcess> list(Predicate<List<String>> argv) {
        try (var all = ProcessHandle.allProcesses()) {
            return all.map(PortableProcesses::observed)
                    .flatMap(Optional::stream)
                    .filter(process -> !process.argv().isEmpty() && argv.test(process.argv()))
                    .sorted(Comparator.comparingLong(process -> process.identity().pid()))
                    .toList();
        }
    }

    @Override
    public SignalOutcome signalIfSame(ProcessIdentity process, ProcessSignal signal) {
        var handle = ProcessHandle.of(process.pid())
                .filter(candidate -> identity(candidate).filter(process::equals).isPresent());
        if (handle.isEmpty()) {
            return SignalOutcome.GONE;
        }
        var sent = switch (signal) {
            case TERMINATE -> handle.get().destroy();
            case KILL -> handle.get().destroyForcibly();
        };
        return sent ? SignalOutcome.DELIVERED
                : handle.get().isAlive() ? SignalOutcome.NOT_PERMITTED : SignalOutcome.GONE;
    }

    private static Optional<ObservedProcess> observed(ProcessHandle handle) {
        return identity(handle).map(identity -> new ObservedProcess(identity, argv(handle.info()),
                handle.info().user().orElse(""), ByteSize.ZERO, !handle.isAlive()));
    }

    /** The start is wall-clock time, so it needs no boot id to be unique. */
    private static Optional<ProcessIdentity> identity(ProcessHandle handle) {
        return handle.info()
                .startInstant()
                .map(start -> new ProcessIdentity(handle.pid(), "unix-ms:" + start.toEpochMilli()));
    }

    private static List<String> argv(ProcessHandle.Info info) {
        var argv = new ArrayList<String>();
        info.command().ifPresent(argv::add);
        info.arguments().ifPresent(arguments -> argv.addAll(Arrays.asList(arguments)));
        return argv;
    }
}
