package dev.provision.hypervisor.host.process;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Against real child processes. */
@EnabledOnOs(OS.LINUX)
class ProcessesTest {

    private final List<Process> children = new ArrayList<>();

    static List<Processes> implementations() throws IOException {
        return List.of(LinuxProcesses.ofThisHost(), new PortableProcesses());
    }

    private Process sleep(String seconds) throws IOException {
        var child = new ProcessBuilder("sleep", seconds).start();
        children.add(child);
        return child;
    }

    /** With all of its words: a process that has just become another program has none for a moment. */
    private static ObservedProcess find(Processes processes, Process child, int words) throws Exception {
        var end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        var found = processes.find(child.pid()).orElseThrow();
        while (found.argv().size() < words && System.nanoTime() < end) {
            Thread.sleep(5);
            found = processes.find(child.pid()).orElseThrow();
        }
        return found;
    }

    @AfterEach
    void endChildren() {
        children.forEach(Process::destroyForcibly);
    }

    private static List<ObservedProcess> sleeping(Processes processes, String seconds) throws IOException {
        return processes.list(argv -> argv.size() == 2 && argv.get(0).endsWith("sleep") && argv.get(1).equals(seconds));
    }

    @ParameterizedTest
    @MethodSource("implementations")
    void seesAChildByPidAndByArgv(Processes processes) throws Exception {
        var seconds = Long.toString(100_000 + ProcessHandle.current().pid());
        var child = sleep(seconds);
        var found = find(processes, child, 2);
        assertEquals(seconds, found.argv().get(1));
        assertFalse(found.ended());
        assertEquals(List.of(found.identity()),
                sleeping(processes, seconds).stream().map(ObservedProcess::identity).toList());
    }

    @ParameterizedTest
    @MethodSource("implementations")
    void tellsHowLongAProcessRuns(Processes processes) throws Exception {
        var before = System.nanoTime();
        var identity = processes.find(sleep("1000").pid()).orElseThrow().identity();
        Thread.sleep(1_000);
        var age = processes.age(identity).toMillis();
        var most = (System.nanoTime() - before) / 1_000_000;
        // The JDK knows when the host booted to a second.
        assertTrue(age > 0 && age < most + 1_100, () -> age + " ms, of at most " + most);
    }

    @ParameterizedTest
    @MethodSource("implementations")
    void signalsOnlyTheProcessThatIsMeant(Processes processes) throws Exception {
        var child = sleep("1000");
        var identity = processes.find(child.pid()).orElseThrow().identity();
        var impostor = new ProcessIdentity(child.pid(), identity.startTime() + "0");
        assertEquals(SignalOutcome.GONE, processes.signalIfSame(impostor, ProcessSignal.KILL));
        assertFalse(child.waitFor(100, TimeUnit.MILLISECONDS), "a wrong start time must not be signalled");
        assertEquals(SignalOutcome.DELIVERED, processes.signalIfSame(identity, ProcessSignal.KILL));
        assertTrue(child.waitFor(5, TimeUnit.SECONDS));
        assertEquals(128 + 9, child.exitValue());
        assertEquals(SignalOutcome.GONE, processes.signalIfSame(identity, ProcessSignal.KILL));
    }

    @ParameterizedTest
    @MethodSource("implementations")
    void terminateAsks(Processes processes) throws Exception {
        var child = sleep("1000");
        var identity = processes.find(child.pid()).orElseThrow().identity();
        assertEquals(SignalOutcome.DELIVERED, processes.signalIfSame(identity, ProcessSignal.TERMINATE));
        assertTrue(child.waitFor(5, TimeUnit.SECONDS));
        assertEquals(128 + 15, child.exitValue());
    }

    @ParameterizedTest
    @MethodSource("implementations")
    void thePidOfNobodyIsEmpty(Processes processes) throws IOException {
        assertTrue(processes.find(Integer.MAX_VALUE).isEmpty());
    }

    @Test
    void linuxTellsExactArgvUserMemoryAndBoot() throws Exception {
        var child = new ProcessBuilder("sh", "-c", "read line", "", "two words").start();
        children.add(child);
        var argv = find(LinuxProcesses.ofThisHost(), child, 5).argv();
        assertEquals(List.of("sh", "-c", "read line", "", "two words"), argv);
        var own = LinuxProcesses.ofThisHost().find(ProcessHandle.current().pid()).orElseThrow();
        assertTrue(own.resident().bytes() > 10_000_000, own.resident().toString());
        assertTrue(own.user().matches("\\d+"), own.user());
        assertTrue(own.identity().startTime().matches("[0-9a-f-]{36}:\\d+"), own.identity().startTime());
    }

    @Test
    void twoProcessesDifferInIdentity() throws Exception {
        var processes = LinuxProcesses.ofThisHost();
        var first = processes.find(sleep("1000").pid()).orElseThrow();
        var second = processes.find(sleep("1000").pid()).orElseThrow();
        assertNotEquals(first.identity(), second.identity());
    }

    @Test
    void pidsThatMeanGroupsAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> new ProcessIdentity(0, "x"));
        assertThrows(IllegalArgumentException.class, () -> new ProcessIdentity(-1, "x"));
    }
}
