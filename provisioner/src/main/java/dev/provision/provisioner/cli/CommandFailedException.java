package dev.provision.provisioner.cli;

/** Ends a command with a message for the person and an exit code; never shown as a stack trace. */
final class CommandFailedException extends RuntimeException {

    private final ExitCode exitCode;
    private final String fix;

    CommandFailedException(ExitCode exitCode, String message, String fix) {
        super(message);
        this.exitCode = exitCode;
        this.fix = fix;
    }

    ExitCode exitCode() {
        return exitCode;
    }

    /** What to do, may be empty. */
    String fix() {
        return fix;
    }
}
