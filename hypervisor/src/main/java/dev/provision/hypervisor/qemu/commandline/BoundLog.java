package dev.provision.hypervisor.qemu.commandline;

import java.nio.file.Path;

import dev.provision.hypervisor.store.MachineFiles;

/**
 * What a guest writes without end, if it likes, and the keeper of its VMM holds to a bound: QEMU gets a pipe to it as a
 * descriptor. In the order of the descriptors.
 */
public enum BoundLog {
    CONSOLE(1, 2 << 20, 0, 1 << 20),
    /** Of a report its beginning tells that the guest is ready. */
    REPORT(2, 1 << 20, 64 << 10, 256 << 10), RUN(3, 16 << 20, 0, 8 << 20);

    private static final int BEFORE_DESCRIPTORS = 19;

    private final int set;
    private final int most;
    private final int head;
    private final int tail;

    BoundLog(int set, int most, int head, int tail) {
        this.set = set;
        this.most = most;
        this.head = head;
        this.tail = tail;
    }

    public Path file(MachineFiles files) {
        return switch (this) {
            case CONSOLE -> files.consoleLog();
            case REPORT -> files.reportLog();
            case RUN -> files.runLog();
        };
    }

    /** Bytes that the file may have. */
    public int most() {
        return most;
    }

    /** Bytes of its beginning that are kept when it has more. */
    public int head() {
        return head;
    }

    /** Bytes of its end that are kept when it has more. */
    public int tail() {
        return tail;
    }

    /** The value of {@code -add-fd}: QEMU takes descriptors it was started with by sets of them. */
    String descriptor() {
        return "fd=" + (BEFORE_DESCRIPTORS + set) + ",set=" + set;
    }

    /** What QEMU opens instead of a file. */
    String path() {
        return "/dev/fdset/" + set;
    }
}
