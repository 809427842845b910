package dev.provision.hypervisor.qemu;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import dev.provision.hypervisor.qemu.vm.GuestReport;
import dev.provision.schema.ManifestReader;
import dev.provision.schema.diagnostics.Problems;
import dev.provision.schema.diagnostics.SourceText;
import dev.provision.schema.fleet.MachineSpec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

class JobTimeTest {

    private static final String READY = "ready cpus=1 memory-kib=100000\n";
    private static final String STARTED = READY + "started attempt=1\n";

    private static MachineSpec job(String run) {
        Problems problems = new Problems();
        return Objects.requireNonNull(ManifestReader.read(new SourceText("machines.yaml", """
                version: 1
                fleet: lab
                machines:
                  job: { run: { command: [work], %s }, ready: { timeout: 60s } }
                """.formatted(run)), problems)
                .orElseThrow(() -> new IllegalArgumentException(problems.sorted().toString()))
                .machines()
                .get("job"))
                .spec();
    }

    private static Optional<JobTime> time(String run, String report, long age, long sinceReport) {
        return JobTime.of(job(run), GuestReport.parse(report), Duration.ofSeconds(age),
                Duration.ofSeconds(sinceReport));
    }

    @ParameterizedTest
    @CsvSource({
        // deadline 3 s, 10 s to be killed, 10 s of slack, since the command was started
        "10, 0, 23", "10, 5, 18", "40, 23, 0", "1000, 24, 0",
        // the clock was set back, and forward
        "10, -3600, 23", "10, 3600, 13",
        // a guest that says it again and again has the time of a boot more
        "82, 0, 1", "83, 0, 0"})
    void countsFromTheCommandsStart(long age, long sinceReport, long left) {
        JobTime time = time("restart: never, deadline: 3s", STARTED, age, sinceReport).orElseThrow();
        assertEquals(Duration.ofSeconds(left), time.left());
        assertEquals(left == 0, time.isOver());
        assertEquals("its guest did not end its command at the deadline of 3s", time.reason());
    }

    @ParameterizedTest
    @CsvSource({"10, 73", "82, 1", "83, 0"})
    void oneThatIsNeverStartedHasTheTimeOfABootToo(long age, long left) {
        JobTime time = time("restart: never, deadline: 3s", READY, age, age).orElseThrow();
        assertEquals(Duration.ofSeconds(left), time.left());
    }

    @Test
    void whoHasEndedGetsTimeToSwitchOff() {
        String ended = STARTED + "exited attempt=1 code=7\n";
        for (String run : new String[]{"restart: never", "restart: never, deadline: 3s"}) {
            assertFalse(time(run, ended, 1000, 29).orElseThrow().isOver());
            JobTime over = time(run, ended, 1000, 30).orElseThrow();
            assertTrue(over.isOver());
            assertEquals(Optional.empty(), over.deadline());
            assertEquals("its command has ended with exit code 7, but its guest does not switch it off",
                    over.reason());
        }
    }

    @Test
    void othersMayRunForEver() {
        assertEquals(Optional.empty(), time("restart: never", STARTED, 1_000_000, 1_000_000));
    }
}
