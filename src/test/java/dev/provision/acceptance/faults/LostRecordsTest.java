package dev.provision.acceptance.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.provision.acceptance.Provision;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Files of the store that are damaged, lost or of another version, under machines that run. */
class LostRecordsTest {

    @TempDir
    private Path folder = Path.of("");

    private Provision provision = new Provision(folder);

    @BeforeEach
    void boot() {
        provision = new Provision(folder);
        provision.write("machines.yaml", """
                version: 1
                fleet: records
                machines:
                  a: { resources: { memory: 128MiB, overlay: 64MiB, storage: 32MiB } }
                """);
        provision.run("apply", "--yes").exits(0);
    }

    @AfterEach
    void endVmms() {
        provision.close();
    }

    private Path fleetFile(String name) {
        return provision.state().resolve("fleets/records/" + name);
    }

    private Path record() {
        return fleetFile("machines/a/machine.json");
    }

    private List<Path> copies() throws IOException {
        try (Stream<Path> files = Files.walk(provision.runtime())) {
            return files.filter(file -> file.endsWith("machine.json")).toList();
        }
    }

    /** Whatever has become of the file: the machine goes on, and its record is written again. */
    @Test
    void theRecordOfAMachineThatRunsIsRestored() throws IOException {
        long pid = provision.pid("a");
        String whole = Files.readString(record());
        Path copy = copies().getFirst();
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(copy)));
        for (String damaged : List.of("", "\0\0\0\0", "{ half a rec", whole.substring(0, whole.length() / 2),
                whole.replace("records", "others"), "gone")) {
            Files.writeString(record(), damaged);
            if (damaged.equals("gone")) {
                Files.delete(record());
            }
            assertEquals("ready", provision.state("a"), damaged);
            assertTrue(provision.run("status").exits(0).out().contains("its record is lost"), damaged);
            String plan = provision.run("plan").exits(0).out();
            assertTrue(plan.contains("1 to change live") && plan.contains("record"), plan);
            provision.run("apply", "--yes").exits(0);
            assertEquals(whole, Files.readString(record()));
            assertTrue(provision.run("plan").exits(0).out().contains("Nothing to do"));
        }
        assertEquals(pid, provision.pid("a"));
        Files.delete(record());
        assertEquals("a", provision.exec("a", "hostname"));
        provision.run("stop", "a").exits(0);
        assertEquals(List.of(), copies(), "of no use without a VMM");
        assertEquals("stopped", provision.state("a"));
    }

    /** So a command leaves it that is killed between writing down that it stops a machine and stopping it. */
    @Test
    void theRecordOfAStopThatWasCutShortSaysAgainThatItRuns() throws IOException {
        long pid = provision.pid("a");
        String whole = Files.readString(record());
        Files.writeString(record(), whole.replace("\"desired\" : \"running\"", "\"desired\" : \"stopped\""));
        Files.delete(copies().getFirst());
        assertEquals("ready", provision.state("a"));
        assertTrue(provision.run("status").exits(0).out().contains("a stop was cut short"));
        String plan = provision.run("plan").exits(0).out();
        assertTrue(plan.contains("1 to change live") && plan.contains("record"), plan);
        provision.run("apply", "--yes").exits(0);
        assertEquals(whole, Files.readString(record()));
        assertEquals(1, copies().size());
        assertTrue(provision.run("plan").exits(0).out().contains("Nothing to do"));
        assertEquals(pid, provision.pid("a"));
    }

    /** What a newer version wrote means what we do not know: nothing is guessed from a copy. */
    @Test
    void theRecordOfANewerVersionIsLeftAlone() throws IOException {
        long pid = provision.pid("a");
        String newer = Files.readString(record()).replaceFirst("\"format\" : 1", "\"format\" : 2");
        Files.writeString(record(), newer);
        Provision.Result apply = provision.run("apply", "--yes").exits(4);
        assertTrue((apply.out() + apply.err()).contains("format 2"), apply.out() + apply.err());
        assertEquals(newer, Files.readString(record()));
        assertEquals(pid, provision.vmms().getFirst().pid());
    }

    /** Its copy tells of a VMM that is gone: it proves nothing any more. */
    @Test
    void aCopyWithoutItsVmmIsNotUsed() throws IOException {
        Files.delete(record());
        provision.vmms().forEach(vmm -> {
            vmm.destroyForcibly();
            vmm.onExit().join();
        });
        assertFalse(copies().isEmpty());
        assertEquals("broken", provision.state("a"));
    }

    /** None of them is needed to tell what is there. */
    @Test
    void otherFilesOfTheStoreMayHoldAnything() throws IOException {
        long pid = provision.pid("a");
        String garbage = "\0\0{\"event\":\n garbage \uffff\n\n[";
        for (Path file : List.of(fleetFile("lock"), fleetFile("journal.jsonl"),
                provision.state().resolve("boot-times"))) {
            assertTrue(Files.exists(file), file.toString());
            Files.writeString(file, garbage);
        }
        for (String command : List.of("status", "plan", "events", "apply --yes")) {
            Provision.Result result = provision.run(command.split(" ", -1)).exits(0);
            assertFalse((result.out() + result.err()).contains("\tat "), result.out() + result.err());
        }
        provision.run("restart", "a").exits(0);
        assertFalse(provision.pid("a") == pid);
        assertTrue(provision.run("plan").exits(0).out().contains("Nothing to do"));
        assertTrue(provision.run("events").exits(0).out().contains("a: "));
    }

    /** Half of a file that was being written is of no use; in those of a guest's settings there may be secrets. */
    @Test
    void whatWasBeingWrittenIsClearedAway() throws IOException {
        List<Path> folders = List.of(provision.state(), fleetFile("."), fleetFile("machines/a"),
                fleetFile("machines/a/settings"));
        List<Path> planted = new ArrayList<>();
        for (Path directory : folders) {
            planted.add(Files.writeString(directory.resolve(".half-1.tmp"), "half"));
        }
        Path another = Files.writeString(provision.state().resolve(".boot-times-2.tmp"), "");
        Files.setLastModifiedTime(planted.getFirst(), FileTime.from(Instant.now().minus(Duration.ofHours(2))));
        provision.run("status").exits(0);
        assertTrue(planted.stream().allMatch(Files::exists), "who looks removes nothing");
        provision.run("apply", "--yes").exits(0);
        assertEquals(List.of(), planted.stream().filter(Files::exists).toList());
        assertTrue(Files.exists(another), "another command may just be writing it");
    }

    /** A clock that was set back: what is written down lies in the future. */
    @Test
    void theFutureInARecordDisturbsNobody() throws IOException {
        long pid = provision.pid("a");
        Files.writeString(record(), Files.readString(record())
                .replaceFirst("\"startedAt\" : \"2[0-9]{3}",
                        "\"startedAt\" : \"2999"));
        assertTrue(Files.readString(record()).contains("2999"));
        provision.run("status").exits(0);
        assertTrue(provision.run("apply", "--yes").exits(0).out().contains("Nothing to do"));
        assertEquals(pid, provision.pid("a"));
    }
}
