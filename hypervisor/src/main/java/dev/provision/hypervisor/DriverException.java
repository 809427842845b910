package dev.provision.hypervisor;

import java.util.List;

/**
 * An operation on a machine that failed. The message says what happened, {@link #fix()} what to try,
 * {@link #consoleTail()} holds the last lines of the machine's console where those explain it.
 */
public final class DriverException extends Exception {
    private final String fix;
    private final List<String> consoleTail;

    public DriverException(String message, String fix) {
        this(message, fix, List.of());
    }

    public DriverException(String message, String fix, List<String> consoleTail) {
        super(message);
        this.fix = fix;
        this.consoleTail = List.copyOf(consoleTail);
    }

    public DriverException(String message, String fix, Throwable cause) {
        super(message, cause);
        this.fix = fix;
        this.consoleTail = List.of();
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
