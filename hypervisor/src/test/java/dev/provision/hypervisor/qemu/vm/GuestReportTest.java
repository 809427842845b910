package dev.provision.hypervisor.qemu.vm;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.provision.hypervisor.qemu.Specs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

class GuestReportTest {
    private static final String BOOT = """
            booted contract=1 kernel=6.1.0
            identity machine-id=abc
            ready cpus=2 memory-kib=471234
            """;

    @Test
    void readsABoot() {
        GuestReport report = GuestReport.parse(BOOT);
        assertTrue(report.booted());
        assertEquals(Optional.of(new GuestReport.Ready(2, 471234)), report.ready());
        assertFalse(report.started());
        assertEquals(Optional.empty(), report.lastExit());
    }

    @Test
    void anAttemptUnderWayHasNoExit() {
        assertEquals(Optional.empty(),
                GuestReport.parse(BOOT + "started attempt=1\nexited attempt=1 code=3\nstarted attempt=2\n").lastExit());
        assertEquals(Optional.of(3),
                GuestReport.parse(BOOT + "started attempt=1\nexited attempt=1 code=3\n").lastExit());
    }

    @Test
    void tellsWhoExceededADeadlineFromWhoEndedWithItsCode() {
        GuestReport late = GuestReport.parse("started attempt=1\nexited attempt=1 code=124 deadline=600\n");
        assertEquals(Optional.of(124), late.lastExit());
        assertEquals(Optional.of(Duration.ofMinutes(10)), late.exceeded());
        assertEquals(Optional.empty(),
                GuestReport.parse("started attempt=1\nexited attempt=1 code=124\n").exceeded());
    }

    @Test
    void ignoresALineThatIsNotWhole() {
        assertEquals(Optional.empty(), GuestReport.parse("started attempt=1\nexited attempt=1 code=12").lastExit());
    }

    @Test
    void ignoresGarbage() {
        GuestReport report = GuestReport.parse("\u0000\u001b[2J\nready cpus=many\nexited attempt=1 code=99999\n");
        assertEquals(Optional.empty(), report.ready());
        assertEquals(Optional.empty(), report.lastExit());
    }

    @Test
    void keepsFailures() {
        assertEquals(List.of(new GuestReport.Failure("storage", "no room = none")),
                GuestReport.parse("failed phase=storage message=no room = none\n").failures());
    }

    @Test
    void completesWhenNoRestartIsDue() {
        GuestReport report = GuestReport.parse("exited attempt=1 code=0\n");
        assertEquals(Optional.of(0), report.completion(Specs.job("a", "true")));
        assertEquals(Optional.empty(), report.completion(Specs.service("a")));
    }

    @Test
    void anAbsentFileIsEmpty() throws IOException {
        assertFalse(GuestReport.read(Path.of("target/no-such-report")).booted());
    }

    @Test
    void aLongReportKeepsItsBeginningAndItsEnd(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("report.log");
        String attempts = IntStream.range(1, 40_000)
                .mapToObj(n -> "started attempt=" + n + "\nexited attempt=" + n + " code=1\n")
                .collect(Collectors.joining());
        Files.writeString(file, BOOT + attempts + "started attempt=40000\n");
        assertTrue(Files.size(file) > 1 << 20);
        GuestReport report = GuestReport.read(file);
        assertEquals(Optional.of(new GuestReport.Ready(2, 471234)), report.ready());
        assertTrue(report.started());
        assertEquals(Optional.empty(), report.lastExit());
    }

    @Test
    void whatIsLeftOfALineAtACutIsNone(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("report.log");
        Files.writeString(file, "x".repeat((64 << 10) - 5) + "\nready cpus=1 memory-kib=1\n" + "y".repeat(1 << 20)
                + "exited attempt=1 code=3\n");
        GuestReport report = GuestReport.read(file);
        assertEquals(Optional.empty(), report.ready());
        assertEquals(Optional.empty(), report.lastExit());
    }

    @Test
    void anExitCodeIsAByte() {
        assertEquals(Optional.empty(), GuestReport.parse("exited attempt=1 code=256\n").lastExit());
        assertEquals(Optional.of(255), GuestReport.parse("exited attempt=1 code=255\n").lastExit());
    }
}
