package dev.provision.provisioner.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

import dev.provision.planner.observed.MachineState;
import dev.provision.planner.observed.ObservedFleet;
import dev.provision.planner.observed.ObservedMachine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** A CI reads the report of this command, never that of an earlier one. */
class RunReportsTest {

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    private Path earlier() throws IOException {
        return Files.writeString(folder.resolve("jobs.xml"), "<all-is-well/>");
    }

    private static RunReports reports(Path file) {
        RunReports reports = new RunReports();
        new CommandLine(reports).parseArgs("--report=junit=" + file);
        return reports;
    }

    private static void assertError(Path file, String... texts) throws IOException {
        String xml = Files.readString(file);
        assertTrue(xml.contains("tests=\"1\" failures=\"0\" errors=\"1\""), xml);
        assertTrue(xml.contains("<error "), xml);
        for (String text : texts) {
            assertTrue(xml.contains(text), xml);
        }
    }

    @Test
    void wrongManifestIsReported() throws IOException {
        Path file = earlier();
        Path wrong = Files.writeString(folder.resolve("wrong.yaml"), "machines: 7\n");
        assertEquals(3, Typed.run("apply", "--yes", "--report=junit=" + file, wrong.toString()).exitCode());
        assertError(file, "the manifest is wrong: PRV-", "<testcase name=\"apply\"", "fix: ");
        Path second = Files.copy(earlier(), folder.resolve("second.xml"));
        assertEquals(3, Typed.run("destroy", "--yes", "--report=junit=" + second, wrong.toString()).exitCode());
        assertError(second, "the manifest is wrong: PRV-", "<testcase name=\"destroy\"");
    }

    /** As a lock that another command holds, or a confirmation that nobody can be asked for. */
    @Test
    void refusalIsReportedWithItsCure() throws Exception {
        Path file = earlier();
        Callable<Integer> command = () -> {
            throw new CommandFailedException(ExitCode.FAILED, "fleet lab is <held>", "wait");
        };
        CommandFailedException thrown = assertThrows(CommandFailedException.class,
                () -> reports(file).around("apply", Set::of, command));
        assertEquals("fleet lab is <held>", thrown.getMessage());
        assertError(file, "fleet lab is &lt;held&gt;", "fix: wait");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--watch", "--dry-run"})
    void whatHasNoReportSaysSo(String option) throws IOException {
        Path file = earlier();
        Typed typed = Typed.run("apply", option, "--yes", "--report=junit=" + file, "nowhere.yaml");
        assertEquals(2, typed.exitCode());
        assertTrue(typed.err().contains("--report tells what"), typed.err());
        assertError(file, "--report tells what");
    }

    @Test
    void manifestIsNotOverwritten() throws IOException {
        String text = "machines: 7\n";
        Path manifest = Files.writeString(folder.resolve("machines.yaml"), text);
        Path link = Files.createSymbolicLink(folder.resolve("link.yaml"), manifest);
        Path values = Files.writeString(folder.resolve("lab.env"), "A=1\n");
        for (Path file : new Path[]{manifest, link, values}) {
            Typed typed = Typed.run("apply", "--yes", "--report=junit=" + file, "--var-file=" + values,
                    manifest.toString());
            assertEquals(2, typed.exitCode(), typed.err());
            assertTrue(typed.err().contains("would overwrite " + file), typed.err());
        }
        assertEquals(2, Typed.run("destroy", "--report=junit=" + manifest, manifest.toString()).exitCode());
        assertEquals(text, Files.readString(manifest));
        assertEquals("A=1\n", Files.readString(values));
        assertTrue(Files.isSymbolicLink(link));
    }

    @Test
    void reportThatCannotBeWrittenIsSaidBeforeTheCommandRuns() {
        Path file = folder.resolve("no").resolve("jobs.xml");
        CommandFailedException failure = assertThrows(CommandFailedException.class,
                () -> reports(file).around("apply", Set::of, () -> {
                    throw new AssertionError("it has run");
                }));
        assertTrue(String.valueOf(failure.getMessage()).contains("there is no such folder"), failure.getMessage());
        assertFalse(Files.exists(file));
    }

    @Test
    void jobsThatHaveFailedAreKnownByHowTheyEnded() {
        TreeMap<String, ObservedMachine> machines = new TreeMap<>();
        for (int code : new int[]{0, 3}) {
            machines.put("job-" + code, new ObservedMachine("job-" + code, new MachineState.Completed(code),
                    Optional.empty(), Optional.empty()));
        }
        machines.put("dead",
                new ObservedMachine("dead", new MachineState.Dead(""), Optional.empty(), Optional.empty()));
        assertEquals("{job-3=ended with exit code 3}",
                FailedJobs.of(new ObservedFleet("lab", machines, new TreeMap<>())).toString());
    }
}
