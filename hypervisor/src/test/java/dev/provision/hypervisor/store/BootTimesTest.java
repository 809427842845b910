package dev.provision.hypervisor.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.provision.planner.host.Accelerator;
import dev.provision.planner.schedule.Sample;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

class BootTimesTest {

    @TempDir
    Path dir;

    private static Sample sample(int millis) {
        return new Sample("lab", "a", Accelerator.TCG, Sample.Kind.BOOT, Duration.ofMillis(millis));
    }

    private BootTimes times() {
        return new BootTimes(new StoreLayout(dir.resolve("state"), dir.resolve("run")));
    }

    @Test
    void whatIsAddedIsReadInItsOrder() throws Exception {
        Sample run = new Sample("lab", "job", Accelerator.KVM, Sample.Kind.RUN, Duration.ofSeconds(7));
        times().add(sample(1));
        times().add(run);
        assertEquals(List.of(sample(1), run), times().read());
    }

    @Test
    void nothingIsReadWhereNothingWasWrittenAndNothingIsMade() {
        assertEquals(List.of(), times().read());
        assertFalse(Files.exists(dir.resolve("state")));
    }

    @Test
    void linesThatAreNoneOfOursAreSkipped() throws Exception {
        times().add(sample(1));
        Path file = dir.resolve("state/boot-times");
        Files.writeString(file, "boot vmx lab a 1\nboot kvm lab a -1\nrun tcg lab\n\0\nsoon kvm lab a 1\n",
                StandardOpenOption.APPEND);
        times().add(sample(2));
        assertEquals(List.of(sample(1), sample(2)), times().read());
        Files.write(file, new byte[]{(byte) 0xff, (byte) 0xfe, '\n'});
        assertEquals(List.of(), times().read());
    }

    @Test
    void oldOnesGoSoThatTheFileStaysSmall() throws IOException {
        Path file = dir.resolve("state/boot-times");
        times().add(sample(1));
        Files.writeString(file, "boot tcg lab a 12345678\n".repeat(6_000), StandardOpenOption.APPEND);
        times().add(sample(2));
        assertEquals(1_001, times().read().size());
        assertEquals(sample(2), times().read().getLast());
        assertTrue(Files.size(file) < 100_000);
    }
}
