package dev.provision.hypervisor.qemu.qmp;

/** A VMM's monitor that did not do what it was asked. */
public final class QmpException extends Exception {

    /** What went wrong. */
    public enum Kind {
        /** Nobody listens on the socket. */
        UNREACHABLE,
        /** No answer in time: the VMM hangs, or another client has the monitor. */
        TIMEOUT,
        /** What came is not QMP. */
        GARBAGE,
        /** The VMM closed the connection. */
        CLOSED,
        /** The VMM answered with an error. */
        REFUSED
    }

    private final Kind kind;

    QmpException(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    QmpException(Kind kind, String message, Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }
}
