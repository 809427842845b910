package dev.provision.hypervisor.host;

import java.io.IOError;
import java.io.IOException;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a host, or what it lets one process have, has run out of. Told by the words of strerror(3) as the JDK passes them on, and by
 * the number that it adds where it starts programs ({@code error=24} or {@code error: 24}, errno(3)).
 */
public enum HostShortage {
    /** EMFILE and ENFILE. */
    FILES("Too many open files|\\berror[=:] ?2[34]\\b", "no more files may be opened",
            "raise the limit of open files (`ulimit -n`), then run the command again"),
    /** EAGAIN of fork(2), ENOMEM. */
    PROCESSES("\\berror[=:] ?1[12]\\b|Resource temporarily unavailable|Cannot allocate memory",
            "there is no process or no memory left",
            "raise the limit of processes (`ulimit -u`), or free memory, then run the command again"),
    /** ENOSPC, EDQUOT. */
    SPACE("No space left on device|Disk quota exceeded", "its file system is full",
            "free space in that file system (`df -h` tells how much there is), then run the command again"),
    /** EROFS. */
    WRITABLE("Read-only file system", "its file system is read-only",
            "mount it writable, or name other folders: see provision doctor");

    /** What to do about a failure {@link #isOfJvm of the JVM}. */
    public static final String FIX_IN_JVM = "raise the limits of open files (`ulimit -n`) and of memory, then run the command again";

    private final Pattern words;
    private final String clause;
    private final String fix;

    HostShortage(String words, String clause, String fix) {
        this.words = Pattern.compile(words);
        this.clause = clause;
        this.fix = fix;
    }

    /** Empty where a failure has another cause. */
    public static Optional<HostShortage> of(IOException failure) {
        String message = String.valueOf(failure.getMessage());
        for (HostShortage shortage : values()) {
            if (shortage.words.matcher(message).find()) {
                return Optional.of(shortage);
            }
        }
        return Optional.empty();
    }

    /** It is this process that gets too little: the failure says nothing of what it asked for, and may be gone in seconds. */
    public boolean isOfProcess() {
        return this == FILES || this == PROCESSES;
    }

    /** Whether this failure is such a one. */
    public static boolean isOfProcess(IOException failure) {
        return of(failure).filter(HostShortage::isOfProcess).isPresent();
    }

    /** Whether this is how the JVM itself ends a thread that gets no more files or memory from the host. */
    public static boolean isOfJvm(Throwable failure) {
        return failure instanceof InternalError || failure instanceof LinkageError || failure instanceof IOError
                || failure instanceof OutOfMemoryError;
    }

    /** What such a failure means, with the words of what was at its bottom. */
    public static String inJvm(Throwable failure) {
        Throwable bottom = failure;
        while (bottom.getCause() != null) {
            bottom = bottom.getCause();
        }
        return "the host gives this process too few files or too little memory: "
                + (bottom.getMessage() == null ? bottom.getClass().getSimpleName() : bottom.getMessage());
    }

    /** What has happened, as a clause without a subject's name. */
    public String clause() {
        return clause;
    }

    /** What to do, as an imperative sentence without a full stop. */
    public String fix() {
        return fix;
    }
}
