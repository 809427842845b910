package dev.provision.hypervisor.qemu.vm;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.provision.hypervisor.store.MachineFiles;

/**
 * How a VMM's process ended, as its keeper has seen it.
 *
 * @param signalled
 *            by a signal; else by itself
 * @param number
 *            of the signal, or its exit code
 */
public record VmmEnd(boolean signalled, int number) {
    private static final Pattern TEXT = Pattern.compile("(exit|signal) ([0-9]{1,3})\n");

    /** Signals that a process gets for its own mistakes; SIGSYS (31): a system call that seccomp forbids. */
    private static final Map<Integer, String> CRASHES = Map.of(4, "SIGILL", 5, "SIGTRAP", 6, "SIGABRT", 7, "SIGBUS", 8,
            "SIGFPE", 11, "SIGSEGV", 31, "SIGSYS");
    private static final int SIGKILL = 9;
    private static final int ATTEMPTS = 50;
    private static final int PAUSE_MILLIS = 10;

    /**
     * Of a VMM that has just ended, or long ago; what it said last is in its log when this returns. Empty when nobody
     * knows: its keeper was killed, or the host went down.
     */
    public static Optional<VmmEnd> of(MachineFiles files) {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            try {
                String text = Files.readString(files.vmmEnd(), StandardCharsets.US_ASCII);
                if (!text.isEmpty()) {
                    return parse(text);
                }
                Thread.sleep(PAUSE_MILLIS); // its keeper is about to write it
            } catch (IOException e) {
                return Optional.empty();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return Optional.empty();
            }
        }
        return Optional.empty();
    }

    static Optional<VmmEnd> parse(String text) {
        Matcher matcher = TEXT.matcher(text);
        return matcher.matches()
                ? Optional.of(new VmmEnd(matcher.group(1).equals("signal"), Integer.parseInt(matcher.group(2))))
                : Optional.empty();
    }

    /** A clause about an end by a signal; empty for others. */
    Optional<String> violence() {
        if (!signalled) {
            return Optional.empty();
        }
        if (number == SIGKILL) {
            return Optional.of("its VMM was killed (SIGKILL) by somebody, or by the kernel for want of memory");
        }
        String crash = CRASHES.get(number);
        return Optional.of(crash == null ? "its VMM was ended by signal " + number : "its VMM crashed (" + crash + ")");
    }
}
