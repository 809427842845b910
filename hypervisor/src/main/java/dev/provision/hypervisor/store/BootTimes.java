package dev.provision.hypervisor.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.provision.planner.host.Accelerator;
import dev.provision.planner.schedule.Sample;

/**
 * {@code STATE/boot-times}: how long boots and jobs took on this host, a line each, the newest last:
 * {@code boot kvm lab db 2140}, the time in milliseconds. Plans estimate by it; nothing else depends on it, so a line that
 * cannot be read is skipped and a file that cannot be written is no failure.
 */
public final class BootTimes {

    /** What is kept when the file is cut. */
    private static final int KEPT = 1_000;
    /** About twice what is kept. */
    private static final long MOST_BYTES = 100_000;

    private final Path file;

    public BootTimes(StoreLayout layout) {
        this.file = layout.bootTimes();
    }

    /** The oldest first; none where nothing was recorded or it cannot be read. */
    public List<Sample> read() {
        try (Stream<String> lines = Files.lines(file, StandardCharsets.UTF_8)) {
            return lines.flatMap(line -> parse(line).stream()).toList();
        } catch (NoSuchFileException e) {
            return List.of();
        } catch (IOException | UncheckedIOException e) {
            return List.of(); // of no use to who plans; the next run writes on
        }
    }

    /** Appends one; machines of several fleets may do so at the same time. */
    public void add(Sample sample) throws IOException {
        PrivateFiles.makeDirectories(Objects.requireNonNull(file.getParent()));
        PrivateFiles.ensure(file);
        if (Files.size(file) > MOST_BYTES) {
            List<Sample> all = read();
            PrivateFiles.replace(file, all.stream()
                    .skip(Math.max(0, all.size() - KEPT))
                    .map(BootTimes::line)
                    .collect(Collectors.joining())
                    .getBytes(StandardCharsets.UTF_8));
        }
        Files.writeString(file, line(sample), StandardOpenOption.APPEND);
    }

    private static String line(Sample sample) {
        return String.join(" ", sample.kind() == Sample.Kind.BOOT ? "boot" : "run", sample.accelerator().qemuName(),
                sample.fleet(), sample.machine(), Long.toString(sample.took().toMillis())) + "\n";
    }

    private static Optional<Sample> parse(String line) {
        List<String> words = List.of(line.split(" ", -1));
        if (words.size() != 5 || !words.get(4).matches("[0-9]{1,12}")) {
            return Optional.empty();
        }
        Optional<Sample.Kind> kind = switch (words.getFirst()) {
            case "boot" -> Optional.of(Sample.Kind.BOOT);
            case "run" -> Optional.of(Sample.Kind.RUN);
            default -> Optional.empty();
        };
        return kind.flatMap(known -> Stream.of(Accelerator.values())
                .filter(accelerator -> accelerator.qemuName().equals(words.get(1)))
                .findFirst()
                .map(accelerator -> new Sample(words.get(2), words.get(3), accelerator, known,
                        Duration.ofMillis(Long.parseLong(words.get(4))))));
    }
}
