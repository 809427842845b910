package dev.provision.hypervisor.host.process;

/** Signals that provision sends; their numbers are the same on Linux and macOS (signal(7)). */
public enum ProcessSignal {

    /** SIGTERM: asks the process to end. */
    TERMINATE(15),

    /** SIGKILL: ends it. */
    KILL(9);

    private final int number;

    ProcessSignal(int number) {
        this.number = number;
    }

    int number() {
        return number;
    }
}
