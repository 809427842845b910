package dev.provision.hypervisor.host.process;

import java.util.function.BooleanSupplier;

import com.sun.jna.Native;
import com.sun.jna.NativeLong;

import dev.provision.hypervisor.host.libc.Errno;
import dev.provision.hypervisor.host.libc.LibC;

/**
 * A file descriptor that stays with a Linux process (pidfd_open(2), Linux 5.3): once it is open, the pid may be reused without
 * harm. Signals go through it, and it becomes readable when the process ends. System call numbers are the same on all architectures.
 */
final class PidFd {

    private static final long PIDFD_OPEN = 434;
    private static final long PIDFD_SEND_SIGNAL = 424;

    private PidFd() {}

    /** @param stillSame asked when the descriptor is open: is this the process that is meant? */
    static SignalOutcome signal(long pid, ProcessSignal signal, BooleanSupplier stillSame) {
        try {
            LibC.load();
        } catch (LinkageError noJna) { // as where the temporary directory is mounted noexec
            return SignalOutcome.UNSUPPORTED;
        }
        var fd = open(pid);
        if (fd < 0) {
            return outcome(-fd);
        }
        try {
            if (!stillSame.getAsBoolean()) {
                return SignalOutcome.GONE;
            }
            var result = call(PIDFD_SEND_SIGNAL, (long) fd, (long) signal.number(), 0L, 0L);
            return result == 0 ? SignalOutcome.DELIVERED : outcome(Native.getLastError());
        } finally {
            LibC.CALLS.close(fd);
        }
    }

    /** A descriptor that the caller closes; else the negative of why there is none, see {@link #isGone}. */
    static int open(long pid) {
        int fd = (int) call(PIDFD_OPEN, pid, 0L);
        return fd >= 0 ? fd : -Native.getLastError();
    }

    /** Whether this errno of {@link #open} says that there is no such process; others, as EMFILE, say nothing of it. */
    static boolean isGone(int errno) {
        return errno == Errno.ESRCH || errno == Errno.EINVAL; // EINVAL: the pid is a thread's now
    }

    private static SignalOutcome outcome(int errno) {
        return switch (errno) {
            case Errno.ESRCH, Errno.EINVAL -> SignalOutcome.GONE;
            case Errno.EPERM -> SignalOutcome.NOT_PERMITTED;
            default -> SignalOutcome.UNSUPPORTED;
        };
    }

    private static long call(long number, Object... arguments) {
        return LibC.CALLS.syscall(new NativeLong(number), arguments).longValue();
    }
}
