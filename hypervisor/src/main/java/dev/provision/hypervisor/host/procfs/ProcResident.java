package dev.provision.hypervisor.host.procfs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

import dev.provision.schema.units.ByteSize;

/**
 * What a process holds of the host's memory and gives back when it ends: anonymous and shared pages, not those of files
 * (proc_pid_status(5): RssAnon, RssShmem, in kB of 1024 bytes).
 */
public final class ProcResident {

    private static final Pattern COUNTED = Pattern.compile("^Rss(?:Anon|Shmem):\\s+([0-9]{1,15}) kB$");

    private ProcResident() {}

    /** Empty of a process that has ended, and where there is no procfs. */
    public static Optional<ByteSize> of(long pid) {
        try {
            return parse(Files.readAllLines(Path.of("/proc/" + pid + "/status")));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    static Optional<ByteSize> parse(List<String> status) {
        List<Long> kib = status.stream()
                .flatMap(line -> COUNTED.matcher(line).results())
                .map(found -> Long.parseLong(found.group(1)))
                .toList();
        return kib.isEmpty() ? Optional.empty()
                : Optional.of(new ByteSize(kib.stream().mapToLong(Long::longValue).sum() << 10));
    }
}
