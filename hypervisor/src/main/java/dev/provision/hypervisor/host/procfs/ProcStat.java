package dev.provision.hypervisor.host.procfs;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What Linux writes about a process. Pure functions over the content of files in /proc/PID (proc_pid_stat(5),
 * proc_pid_cmdline(5)).
 *
 * @param state R, S, D, Z, …
 * @param threads field 20: how many there are; a zombie itself is one
 * @param startTicks field 22: start in clock ticks after boot
 */
public record ProcStat(char state, long threads, long startTicks) {

    /** Field numbers start at 1; these are indices after the closing bracket of field 2. */
    private static final int STATE = 0;
    private static final int THREADS = 20 - 3;
    private static final int START_TIME = 22 - 3;

    /**
     * Reads /proc/PID/stat. Field 2 is the command in brackets and may hold blanks, brackets and line ends, so the
     * fields are counted from the last closing bracket. Empty if the text is cut short.
     */
    public static Optional<ProcStat> parse(String stat) {
        var fields = stat.substring(stat.lastIndexOf(')') + 1).strip().split(" ", -1);
        if (fields.length <= START_TIME) {
            return Optional.empty();
        }
        return Optional.of(new ProcStat(fields[STATE].charAt(0), Long.parseLong(fields[THREADS]),
                Long.parseLong(fields[START_TIME])));
    }

    /**
     * True if the process has ended: zombie, or dead and about to vanish. One whose first thread alone is a zombie has
     * not: its files, with their locks, and its ports are open until the last thread has gone.
     */
    public boolean ended() {
        return (state == 'Z' || state == 'X' || state == 'x') && threads <= 1;
    }

    /**
     * Splits /proc/PID/cmdline: every argument ends with a NUL, so empty arguments survive. A process may overwrite it
     * with a title that has no NUL at the end; that counts as an argument. Bytes that are not UTF-8 become U+FFFD.
     */
    public static List<String> argv(byte[] cmdline) {
        var arguments = new ArrayList<String>();
        var start = 0;
        for (var at = 0; at < cmdline.length; at++) {
            if (cmdline[at] == 0) {
                arguments.add(new String(cmdline, start, at - start, StandardCharsets.UTF_8));
                start = at + 1;
            }
        }
        if (start < cmdline.length) {
            arguments.add(new String(cmdline, start, cmdline.length - start, StandardCharsets.UTF_8));
        }
        return arguments;
    }

    /** Effective user id from /proc/PID/status: {@code Uid: real effective saved file-system}; "" if missing. */
    public static String user(String status) {
        return ProcCpu.field(status, "Uid")
                .map(ids -> ids.split("\\s+", -1))
                .filter(ids -> ids.length > 1)
                .map(ids -> ids[1])
                .orElse("");
    }
}
