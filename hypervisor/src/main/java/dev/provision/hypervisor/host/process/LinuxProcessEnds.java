package dev.provision.hypervisor.host.process;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongToIntFunction;

import com.sun.jna.Memory;
import com.sun.jna.NativeLong;

import dev.provision.hypervisor.host.libc.LibC;

/**
 * By poll(2) on a pidfd for each process, which is readable when the process has ended; one thread waits for all of them. Where
 * none can be had, as while too many files are open, it is asked for again and again: that a process cannot be followed does not
 * say that it has ended.
 */
final class LinuxProcessEnds implements ProcessEnds {

    /** eventfd2(2) on x86_64; it has another number on arm64. */
    private static final long EVENTFD2 = System.getProperty("os.arch", "").equals("aarch64") ? 19 : 290;
    private static final short POLLIN = 1;
    private static final int POLLFD_BYTES = 8;
    private static final byte[] ONE = {1, 0, 0, 0, 0, 0, 0, 0};

    /** Until a descriptor is asked for again. */
    private static final int RETRY_MILLIS = 500;

    private record Followed(int descriptor, Runnable whenEnded) {}

    private record Waiting(ProcessIdentity process, Runnable whenEnded) {}

    private final Processes processes;
    private final int wakeup;
    private final LongToIntFunction opener;
    private final Map<Integer, Followed> followed = new HashMap<>();
    private final List<Waiting> waiting = new ArrayList<>();
    private long asked = System.nanoTime();
    private boolean closed;

    LinuxProcessEnds(LinuxProcesses processes) {
        this(processes, PidFd::open);
    }

    /** @param opener as {@link PidFd#open} */
    LinuxProcessEnds(LinuxProcesses processes, LongToIntFunction opener) {
        this.processes = processes;
        this.opener = opener;
        this.wakeup = LibC.CALLS.syscall(new NativeLong(EVENTFD2), 0L, (long) LibC.O_CLOEXEC).intValue();
        if (wakeup < 0) {
            throw new IllegalStateException("no event descriptor can be had: too many files are open");
        }
        Thread.ofPlatform().daemon().name("process-ends").start(this::run);
    }

    /** Whether this kernel has pidfds. */
    static boolean isPossible() {
        try {
            LibC.load();
        } catch (LinkageError noJna) { // as where the temporary directory is mounted noexec
            return false;
        }
        int self = PidFd.open(ProcessHandle.current().pid());
        if (self >= 0) {
            LibC.CALLS.close(self);
        }
        return self >= 0;
    }

    @Override
    public void follow(ProcessIdentity process, Runnable whenEnded) {
        int descriptor = opener.applyAsInt(process.pid());
        // Opened first: from then on it is about this process, whoever gets the number.
        Optional<ProcessIdentity> found = descriptor < 0 ? Optional.empty() : identity(process.pid());
        if (found.filter(process::equals).isPresent()) {
            follow(descriptor, whenEnded);
            return;
        }
        boolean gone = descriptor < 0 ? PidFd.isGone(-descriptor) : found.isPresent() || hasEnded(descriptor);
        if (descriptor >= 0) {
            LibC.CALLS.close(descriptor);
        }
        if (gone) {
            Thread.startVirtualThread(whenEnded);
        } else {
            followLater(new Waiting(process, whenEnded));
        }
    }

    /** Empty also where it cannot be told. */
    private Optional<ProcessIdentity> identity(long pid) {
        try {
            return processes.find(pid).map(ObservedProcess::identity);
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private synchronized void follow(int descriptor, Runnable whenEnded) {
        if (closed) {
            LibC.CALLS.close(descriptor);
            return;
        }
        followed.put(descriptor, new Followed(descriptor, whenEnded));
        wake();
    }

    private synchronized void followLater(Waiting later) {
        if (!closed) {
            waiting.add(later);
            wake();
        }
    }

    /** Of one that /proc tells nothing of: it has ended, or /proc cannot be read now. */
    private static boolean hasEnded(int descriptor) {
        try (Memory one = new Memory(POLLFD_BYTES)) {
            one.clear();
            set(one, 0, descriptor);
            return LibC.CALLS.poll(one, new NativeLong(1), 0) > 0 && isReady(one, 0);
        }
    }

    private void wake() {
        var _ = LibC.CALLS.write(wakeup, ONE, new NativeLong(ONE.length));
    }

    private void run() {
        while (true) {
            List<Followed> now;
            List<Waiting> later;
            int patience;
            synchronized (this) {
                if (closed) {
                    followed.keySet().forEach(LibC.CALLS::close);
                    followed.clear();
                    LibC.CALLS.close(wakeup);
                    return;
                }
                now = new ArrayList<>(followed.values());
                later = waitingLongEnough();
                patience = waiting.isEmpty() ? -1 : RETRY_MILLIS;
            }
            later.forEach(process -> follow(process.process(), process.whenEnded()));
            for (Followed ended : ended(now, patience)) {
                synchronized (this) {
                    followed.remove(ended.descriptor());
                }
                LibC.CALLS.close(ended.descriptor());
                ended.whenEnded().run();
            }
        }
    }

    /** Those to be asked for again now; called with the lock held. */
    private List<Waiting> waitingLongEnough() {
        if (waiting.isEmpty() || System.nanoTime() - asked < TimeUnit.MILLISECONDS.toNanos(RETRY_MILLIS)) {
            return List.of();
        }
        asked = System.nanoTime();
        List<Waiting> all = List.copyOf(waiting);
        waiting.clear();
        return all;
    }

    /**
     * Waits until one has ended, or somebody has written to the wakeup.
     *
     * @param patience
     *            milliseconds; negative: for ever
     */
    private List<Followed> ended(List<Followed> now, int patience) {
        List<Followed> ended = new ArrayList<>();
        try (Memory descriptors = new Memory((long) POLLFD_BYTES * (now.size() + 1))) {
            descriptors.clear();
            set(descriptors, 0, wakeup);
            for (int i = 0; i < now.size(); i++) {
                set(descriptors, i + 1, now.get(i).descriptor());
            }
            int ready = LibC.CALLS.poll(descriptors, new NativeLong(now.size() + 1L), patience);
            if (ready <= 0) {
                return ended; // interrupted by a signal, or it is time
            }
            if (isReady(descriptors, 0)) {
                var _ = LibC.CALLS.read(wakeup, new byte[ONE.length], new NativeLong(ONE.length));
            }
            for (int i = 0; i < now.size(); i++) {
                if (isReady(descriptors, i + 1)) {
                    ended.add(now.get(i));
                }
            }
        }
        return ended;
    }

    /** {@code struct pollfd { int fd; short events; short revents; }}, poll(2). */
    private static void set(Memory descriptors, int place, int descriptor) {
        descriptors.setInt((long) place * POLLFD_BYTES, descriptor);
        descriptors.setShort((long) place * POLLFD_BYTES + Integer.BYTES, POLLIN);
    }

    private static boolean isReady(Memory descriptors, int place) {
        return descriptors.getShort((long) place * POLLFD_BYTES + Integer.BYTES + Short.BYTES) != 0;
    }

    @Override
    public void close() {
        synchronized (this) {
            if (!closed) {
                closed = true;
                wake(); // while the thread that closes the descriptor cannot
            }
        }
    }
}
