package dev.provision.hypervisor.qemu.vm;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import dev.provision.hypervisor.qemu.channel.UntrustedText;
import dev.provision.hypervisor.store.MachineFiles;
import dev.provision.planner.observed.MachineState.Attempts;
import dev.provision.schema.fleet.MachineSpec;
import dev.provision.schema.fleet.RestartPolicy;

/**
 * What a guest has reported in its present boot (guest contract, "What the guest reports"). Lines of other words and
 * lines that are damaged say nothing.
 *
 * @param failures
 *            messages of what the guest could not do, oldest first
 * @param lastExit
 *            exit code of the command's last attempt, when that attempt has ended
 * @param attempts
 *            how often the command was started, and how the last attempt that has ended did so
 * @param exceeded
 *            the deadline at which the guest ended the command's last attempt
 */
public record GuestReport(boolean booted, Optional<Ready> ready, boolean started, Optional<Integer> lastExit,
        List<Failure> failures, Attempts attempts, Optional<Duration> exceeded) {

    /** vCPUs on line and MemTotal when the guest became ready. */
    public record Ready(int cpus, long memoryKib) {}

    /** What the guest could not do. */
    public record Failure(String phase, String message) {}

    /**
     * Of a long report its beginning and its end are read: in the one a guest tells that it is ready, in the other what
     * its command does now. Each attempt of a command is two lines, so an honest guest fills both in a month at best.
     */
    private static final int BEGINNING_MAX = 64 << 10;
    private static final int END_MAX = 256 << 10;
    private static final int CODE_MAX = 255;
    private static final Pattern READY = Pattern.compile("ready cpus=([0-9]{1,6}) memory-kib=([0-9]{1,15})\\b.*");
    private static final Pattern STARTED = Pattern.compile("started attempt=([0-9]{1,9})\\b.*");
    private static final Pattern EXITED = Pattern
            .compile("exited attempt=[0-9]+ code=([0-9]{1,3})(?: deadline=([0-9]{1,9}))?\\b.*");
    private static final Pattern FAILED = Pattern.compile("failed phase=(\\S+) message=(.*)");

    public GuestReport {
        failures = List.copyOf(failures);
    }

    /** All that the guest of a VMM which has ended has reported: its keeper may still have to write the last of it. */
    public static GuestReport lastOf(MachineFiles files) throws IOException {
        VmmEnd.of(files);
        return read(files.reportLog());
    }

    /** Reads {@code report.log}; an absent one is an empty report. */
    public static GuestReport read(Path file) throws IOException {
        try {
            return parse(text(file));
        } catch (NoSuchFileException e) {
            return parse("");
        }
    }

    private static String text(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            long size = channel.size();
            if (size <= BEGINNING_MAX + END_MAX) {
                return text(LogTail.bytes(channel, 0, BEGINNING_MAX + END_MAX));
            }
            String beginning = text(LogTail.bytes(channel, 0, BEGINNING_MAX));
            String end = text(LogTail.bytes(channel, size - END_MAX, END_MAX));
            // Of the lines at the cuts only a part is there: it must not be taken for a line.
            return beginning.substring(0, beginning.lastIndexOf('\n') + 1) + end.substring(end.indexOf('\n') + 1);
        }
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    public static GuestReport parse(String text) {
        // A line is whole when its end is there.
        List<String> lines = text.substring(0, text.lastIndexOf('\n') + 1).lines().map(UntrustedText::line).toList();
        Optional<Ready> ready = matches(READY, lines).findFirst()
                .map(match -> new Ready(Integer.parseInt(match.group(1)), Long.parseLong(match.group(2))));
        List<Failure> failures = matches(FAILED, lines).map(match -> new Failure(match.group(1), match.group(2)))
                .toList();
        return new GuestReport(!lines.isEmpty(), ready, lines.stream().anyMatch(line -> line.startsWith("started ")),
                lastExit(lines), failures, attempts(lines), exceeded(lines));
    }

    private static Attempts attempts(List<String> lines) {
        int count = matches(STARTED, lines).mapToInt(match -> Integer.parseInt(match.group(1))).max().orElse(0);
        Optional<Integer> last = matches(EXITED, lines).map(match -> Integer.parseInt(match.group(1)))
                .filter(code -> code <= CODE_MAX)
                .reduce((first, second) -> second);
        return new Attempts(count, last);
    }

    /** Seconds, as the guest was told. */
    private static Optional<Duration> exceeded(List<String> lines) {
        return matches(EXITED, lines).reduce((first, second) -> second)
                .flatMap(match -> Optional.ofNullable(match.group(2)))
                .map(seconds -> Duration.ofSeconds(Integer.parseInt(seconds)));
    }

    private static Optional<Integer> lastExit(List<String> lines) {
        for (String line : lines.reversed()) {
            Matcher exited = EXITED.matcher(line);
            if (exited.matches() && Integer.parseInt(exited.group(1)) <= CODE_MAX) {
                return Optional.of(Integer.parseInt(exited.group(1)));
            }
            if (line.startsWith("started ")) {
                return Optional.empty(); // a later attempt is under way
            }
        }
        return Optional.empty();
    }

    /** The exit code with which the machine ended by itself: its command has ended and is not to be started again. */
    public Optional<Integer> completion(MachineSpec spec) {
        return lastExit.filter(code -> spec.workload().restart() == RestartPolicy.NEVER
                || (spec.workload().restart() == RestartPolicy.ON_FAILURE && code == 0));
    }

    private static Stream<Matcher> matches(Pattern pattern, List<String> lines) {
        return lines.stream().map(pattern::matcher).filter(Matcher::matches);
    }
}
