package dev.provision.hypervisor;

import java.util.List;

/**
 * An operation on a machine that failed. The message says what happened, {@link #fix()} what to try,
 * {@link #consoleTail()} holds the last lines of the machine's console where those explain it.
 */
public final class DriverException extends Exception {
    private final String fix;
    private final List<String> consoleTail;
    private final boolean passing;

    public DriverException(String message, String fix) {
        this(message, fix, List.of());
    }

    public DriverException(String message, String fix, List<String> consoleTail) {
        super(message);
        this.fix = fix;
        this.consoleTail = List.copyOf(consoleTail);
        this.passing = false;
    }

    public DriverException(String message, String fix, Throwable cause) {
        this(message, fix, cause, false);
    }

    private DriverException(String message, String fix, Throwable cause, boolean passing) {
        super(message, cause);
        this.fix = fix;
        this.consoleTail = List.of();
        this.passing = passing;
    }

    /** Of a cause that may be gone in seconds, such as a host that has no process left: the operation is worth another try. */
    public static DriverException passing(String message, String fix, Throwable cause) {
        return new DriverException(message, fix, cause, true);
    }

    /** The same operation may succeed in a moment, with nothing changed. Most causes last: a full disk, a wrong image. */
    public boolean isPassing() {
        return passing;
    }

    /** What to try, as an imperative sentence without a full stop. */
    public String fix() {
        return fix;
    }

    /** At most 20 lines, oldest first; empty when the console explains nothing. */
    public List<String> consoleTail() {
        return consoleTail;
    }
}
