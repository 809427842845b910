package dev.provision.hypervisor.qemu.vm;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.provision.hypervisor.host.process.Processes;
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
    /** What stands there until its keeper writes over it, with more. */
    public static final String UNKNOWN = "\n";

    private static final Pattern TEXT = Pattern.compile("(exit|signal) ([0-9]{1,3})\n");

    /**
     * Signals that a process gets for its own mistakes, by the numbers that they have on Linux and on macOS. SIGSYS: a
     * system call that seccomp forbids.
     */
    private static final Map<Integer, String> CRASHES = new TreeMap<>(Map.of(4, "SIGILL", 5, "SIGTRAP", 6, "SIGABRT", 8,
            "SIGFPE", 11, "SIGSEGV"));
    static {
        boolean linux = System.getProperty("os.name", "").equals("Linux");
        CRASHES.put(linux ? 7 : 10, "SIGBUS");
        CRASHES.put(linux ? 31 : 12, "SIGSYS");
    }

    private static final int SIGKILL = 9;
    private static final int ATTEMPTS = 300;
    private static final int PAUSE_MILLIS = 10;

    /**
     * Of a VMM that has just ended, or long ago; what it said last is in its log when this returns. Empty when nobody
     * knows: its keeper was killed, or the host went down.
     */
    public static Optional<VmmEnd> of(MachineFiles files) {
        boolean kept = true;
        for (int attempt = 0; kept && attempt < ATTEMPTS; attempt++) {
            try {
                if (attempt > 0) {
                    kept = hasKeeper(files); // before the file: one that has gone since has written it
                    Thread.sleep(kept ? PAUSE_MILLIS : 0);
                }
                String text = Files.readString(files.vmmEnd(), StandardCharsets.US_ASCII);
                if (!text.isEmpty() && !text.equals(UNKNOWN)) {
                    return parse(text);
                }
            } catch (IOException e) {
                return Optional.empty();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return Optional.empty();
            }
        }
        return Optional.empty();
    }

    /** By the file that it is told to write to, its fifth word. */
    private static boolean hasKeeper(MachineFiles files) throws IOException {
        String end = files.vmmEnd().toString();
        return Processes.ofThisHost()
                .list(argv -> argv.size() > 4 && argv.get(4).equals(end))
                .stream()
                .anyMatch(process -> !process.ended());
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
