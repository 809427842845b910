package dev.provision.hypervisor.host.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

import dev.provision.hypervisor.host.HostShortage;
import dev.provision.hypervisor.host.procfs.ProcMemory;
import dev.provision.hypervisor.host.procfs.ProcStat;
import dev.provision.schema.units.ByteSize;

/** Linux processes, from /proc; signals by pidfd. Only signalling loads JNA. */
public final class LinuxProcesses implements Processes {

    /** What the kernel tells in USER_HZ, it tells in hundredths of a second on x86 and Arm (proc(5)). */
    private static final long MILLIS_OF_TICK = 10;

    private final Path proc;
    private final String bootId;

    LinuxProcesses(Path proc, String bootId) {
        this.proc = proc;
        this.bootId = bootId;
    }

    /**
     * The processes of the running kernel.
     *
     * @throws IOException if /proc is not mounted
     */
    public static LinuxProcesses ofThisHost() throws IOException {
        var proc = Path.of("/proc");
        return new LinuxProcesses(proc, Files.readString(proc.resolve("sys/kernel/random/boot_id")).strip());
    }

    @Override
    public Optional<ObservedProcess> find(long pid) throws IOException {
        var before = stat(pid);
        if (before.isEmpty()) {
            return Optional.empty();
        }
        var argv = ProcStat.argv(bytes(pid, "cmdline"));
        var status = text(pid, "status");
        // The pid may have changed hands in between: then what was read is of two processes.
        var same = stat(pid).filter(after -> after.startTicks() == before.get().startTicks());
        return same.map(stat -> new ObservedProcess(identity(pid, stat), argv, ProcStat.user(status),
                ProcMemory.size(status, "VmRSS").orElse(ByteSize.ZERO), stat.ended()));
    }

    @Override
    public List<ObservedProcess> list(Predicate<List<String>> argv) throws IOException {
        var found = new ArrayList<ObservedProcess>();
        for (var pid : pids()) {
            var arguments = ProcStat.argv(bytes(pid, "cmdline"));
            if (!arguments.isEmpty() && argv.test(arguments)) {
                find(pid).filter(process -> argv.test(process.argv())).ifPresent(found::add);
            }
        }
        return List.copyOf(found);
    }

    /** By the clock that both count from the boot on. */
    @Override
    public Duration age(ProcessIdentity process) throws IOException {
        var up = Files.readString(proc.resolve("uptime"), StandardCharsets.US_ASCII);
        var millis = Math.round(Double.parseDouble(up.substring(0, up.indexOf(' '))) * 1000);
        var ticks = Long.parseLong(process.startTime().substring(process.startTime().lastIndexOf(':') + 1));
        return Duration.ofMillis(Math.max(0, millis - ticks * MILLIS_OF_TICK));
    }

    @Override
    public SignalOutcome signalIfSame(ProcessIdentity process, ProcessSignal signal) throws IOException {
        if (!isCurrent(process)) { // needs no JNA
            return SignalOutcome.GONE;
        }
        return PidFd.signal(process.pid(), signal, () -> {
            try {
                return isCurrent(process);
            } catch (IOException e) {
                return false; // who cannot be looked at is not signalled
            }
        });
    }

    private boolean isCurrent(ProcessIdentity process) throws IOException {
        return stat(process.pid()).map(stat -> identity(process.pid(), stat)).filter(process::equals).isPresent();
    }

    private ProcessIdentity identity(long pid, ProcStat stat) {
        return new ProcessIdentity(pid, bootId + ":" + stat.startTicks());
    }

    private List<Long> pids() throws IOException {
        var pids = new ArrayList<Long>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(proc, "[0-9]*")) {
            entries.forEach(entry -> pids.add(Long.valueOf(entry.getFileName().toString())));
        } catch (DirectoryIteratorException failed) {
            throw failed.getCause();
        }
        pids.sort(Comparator.naturalOrder());
        return pids;
    }

    private Optional<ProcStat> stat(long pid) throws IOException {
        var text = text(pid, "stat");
        return text.isEmpty() ? Optional.empty() : ProcStat.parse(text);
    }

    private String text(long pid, String file) throws IOException {
        return new String(bytes(pid, file), StandardCharsets.UTF_8);
    }

    /**
     * Nothing, if the process has ended or this user may not look.
     *
     * @throws IOException when this process may open no more files: whether the other has ended it cannot tell
     */
    private byte[] bytes(long pid, String file) throws IOException {
        try {
            return Files.readAllBytes(proc.resolve(Long.toString(pid)).resolve(file));
        } catch (IOException e) {
            if (HostShortage.isOfProcess(e)) {
                throw e;
            }
            return new byte[0];
        }
    }
}
