package dev.provision.hypervisor.store;

import java.io.IOException;
import java.nio.file.Path;

/** A machine's record that cannot be used. The file is left as it is. */
public final class RecordException extends IOException {

    /** Why it cannot be used. */
    public enum Problem {
        /** The operating system does not give the file. */
        UNREADABLE,
        /** The file is not what this version writes: damaged, or edited by hand. */
        MALFORMED,
        /** The file's format is one this version does not know: most likely a newer version wrote it. */
        UNKNOWN_FORMAT
    }

    private final Problem problem;

    RecordException(Path file, Problem problem, String detail) {
        super(file + ": " + detail);
        this.problem = problem;
    }

    RecordException(Path file, Problem problem, String detail, Throwable cause) {
        super(file + ": " + detail, cause);
        this.problem = problem;
    }

    public Problem problem() {
        return problem;
    }
}
