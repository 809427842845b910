package dev.provision.hypervisor.host.process;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import com.sun.jna.Memory;
import com.sun.jna.NativeLong;

import dev.provision.hypervisor.host.libc.LibC;

/** By poll(2) on a pidfd for each process, which is readable when the process has ended; one thread waits for all of them. */
final class LinuxProcessEnds implements ProcessEnds {

    /** eventfd2(2) on x86_64; it has another number on arm64. */
    private static final long EVENTFD2 = System.getProperty("os.arch", "").equals("aarch64") ? 19 : 290;
    private static final short POLLIN = 1;
    private static final int POLLFD_BYTES = 8;
    private static final byte[] ONE = {1, 0, 0, 0, 0, 0, 0, 0};

    private record Followed(int descriptor, Runnable whenEnded) {}

    private final LinuxProcesses processes;
    private final int wakeup;
    private final Map<Integer, Followed> followed = new HashMap<>();
    private boolean closed;

    LinuxProcessEnds(LinuxProcesses processes) {
        this.processes = processes;
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
        int descriptor = PidFd.open(process.pid());
        // Opened first: from then on it is about this process, whoever gets the number.
        if (descriptor < 0 || !isThere(process)) {
            if (descriptor >= 0) {
                LibC.CALLS.close(descriptor);
            }
            Thread.startVirtualThread(whenEnded);
            return;
        }
        synchronized (this) {
            if (closed) {
                LibC.CALLS.close(descriptor);
                return;
            }
            followed.put(descriptor, new Followed(descriptor, whenEnded));
            wake();
        }
    }

    /** Where it cannot be told it counts as ended: who is told so looks. */
    private boolean isThere(ProcessIdentity process) {
        try {
            return processes.find(process.pid())
                    .map(ObservedProcess::identity)
                    .filter(process::equals)
                    .isPresent();
        } catch (IOException e) {
            return false;
        }
    }

    private void wake() {
        var _ = LibC.CALLS.write(wakeup, ONE, new NativeLong(ONE.length));
    }

    private void run() {
        while (true) {
            List<Followed> now;
            synchronized (this) {
                if (closed) {
                    followed.keySet().forEach(LibC.CALLS::close);
                    followed.clear();
                    LibC.CALLS.close(wakeup);
                    return;
                }
                now = new ArrayList<>(followed.values());
            }
            for (Followed ended : ended(now)) {
                synchronized (this) {
                    followed.remove(ended.descriptor());
                }
                LibC.CALLS.close(ended.descriptor());
                ended.whenEnded().run();
            }
        }
    }

    /** Waits until one has ended, or somebody has written to the wakeup. */
    private List<Followed> ended(List<Followed> now) {
        List<Followed> ended = new ArrayList<>();
        try (Memory descriptors = new Memory((long) POLLFD_BYTES * (now.size() + 1))) {
            descriptors.clear();
            set(descriptors, 0, wakeup);
            for (int i = 0; i < now.size(); i++) {
                set(descriptors, i + 1, now.get(i).descriptor());
            }
            int ready = LibC.CALLS.poll(descriptors, new NativeLong(now.size() + 1L), -1);
            if (ready <= 0) {
                return ended; // interrupted by a signal
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
