package dev.provision.hypervisor.host.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

import com.sun.jna.Native;
import com.sun.jna.NativeLong;

import dev.provision.hypervisor.host.libc.Errno;
import dev.provision.hypervisor.host.libc.LibC;
import dev.provision.schema.fleet.CpuSet;
import dev.provision.schema.units.QuantityFormatException;

/** On which CPUs of a Linux host the threads of a process run: sched_setaffinity(2). */
public final class ThreadAffinity {

    /** CPUs that a mask has room for, as glibc's cpu_set_t. */
    private static final int MOST_CPUS = 1024;

    private static final String ALLOWED = "Cpus_allowed_list:";

    private ThreadAffinity() {}

    public static boolean isPossible() {
        return Files.isDirectory(Path.of("/proc/self/task"));
    }

    /** The words that, before a program's own, have it run on these CPUs from its first instruction; none for all of them. */
    public static List<String> prefix(Optional<CpuSet> cpus) {
        return cpus.filter(_ -> isPossible()).map(set -> List.of("taskset", "-c", set.toString())).orElse(List.of());
    }

    /**
     * Moves all threads of a process that runs; those that it starts meanwhile inherit it.
     *
     * @param cpus
     *            absent: all that the process may use
     * @throws IOException
     *             when the kernel refuses, as when none of these CPUs is on line
     */
    public static void set(long pid, Optional<CpuSet> cpus) throws IOException {
        if (!isPossible()) {
            return;
        }
        byte[] mask = mask(cpus);
        Set<String> moved = new HashSet<>();
        boolean more = true;
        while (more) {
            more = false;
            for (String thread : threads(pid)) {
                if (moved.add(thread)) {
                    set(Integer.parseInt(thread), mask);
                    more = true;
                }
            }
        }
    }

    private static void set(int thread, byte[] mask) throws IOException {
        if (LibC.CALLS.sched_setaffinity(thread, new NativeLong(mask.length), mask) != 0) {
            int error = Native.getLastError();
            if (error != Errno.ESRCH) {
                throw new IOException("thread " + thread + " cannot be pinned: errno " + error);
            }
        }
    }

    /**
     * On which CPUs threads of a process run where that is not on these, for people; empty where all do.
     *
     * @param cpus
     *            those of them that this process may not use itself need not be among theirs
     */
    public static Optional<String> otherThan(long pid, CpuSet cpus) throws IOException {
        Set<Integer> own = allowed(Path.of("/proc/self/status")).map(CpuSet::ids).map(Set::copyOf).orElse(Set.of());
        Set<String> others = new TreeSet<>();
        for (String thread : threads(pid)) {
            allowed(Path.of("/proc/" + pid + "/task/" + thread + "/status"))
                    .filter(there -> !cpus.ids().containsAll(there.ids())
                            || cpus.ids().stream().anyMatch(cpu -> own.contains(cpu) && !there.ids().contains(cpu)))
                    .ifPresent(there -> others.add(there.toString()));
        }
        return others.isEmpty() ? Optional.empty() : Optional.of(String.join(" and ", others));
    }

    /** {@code Cpus_allowed_list} of proc_pid_status(5); empty of a thread that has ended. */
    private static Optional<CpuSet> allowed(Path status) {
        try {
            for (String line : Files.readAllLines(status, StandardCharsets.ISO_8859_1)) {
                if (line.startsWith(ALLOWED)) {
                    return Optional.of(CpuSet.parse(line.substring(ALLOWED.length()).strip()));
                }
            }
        } catch (IOException | QuantityFormatException e) {
            // It says nothing.
        }
        return Optional.empty();
    }

    private static List<String> threads(long pid) throws IOException {
        try (var entries = Files.list(Path.of("/proc/" + pid + "/task"))) {
            return entries.map(entry -> String.valueOf(entry.getFileName())).toList();
        } catch (NoSuchFileException ended) {
            return List.of();
        }
    }

    private static byte[] mask(Optional<CpuSet> cpus) {
        byte[] mask = new byte[MOST_CPUS / 8];
        for (int cpu = 0; cpu < MOST_CPUS; cpu++) {
            if (cpus.isEmpty() || cpus.get().ids().contains(cpu)) {
                mask[cpu / 8] |= (byte) (1 << (cpu % 8));
            }
        }
        return mask;
    }
}
