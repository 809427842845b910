package dev.provision.hypervisor.qemu.agent;

/** A guest agent that did not do what it was asked. */
public final class AgentException extends Exception {

    /** What went wrong. */
    public enum Kind {
        /** Nobody listens on the socket: the VMM is gone. */
        UNREACHABLE,
        /** No answer in time: the guest boots, hangs, or another client has the agent. */
        TIMEOUT,
        /** What came is not the agent's protocol. */
        GARBAGE,
        /** The agent answered with an error. */
        REFUSED
    }

    private final Kind kind;

    AgentException(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    AgentException(Kind kind, String message, Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }
}
