package dev.provision.hypervisor.host.process;

/** What became of a signal. */
public enum SignalOutcome {

    /** The process got it. A zombie gets signals too; nothing comes of them. */
    DELIVERED,

    /** The process is no more; its pid is free, or belongs to a process that was not touched. */
    GONE,

    /** The process is there, and this user may not signal it. */
    NOT_PERMITTED,

    /** The operating system cannot signal without a race (Linux before 5.3, a seccomp filter, or no JNA): nothing was sent. */
    UNSUPPORTED
}
