package dev.provision.provisioner.journal;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.provision.planner.plan.Step;
import dev.provision.provisioner.events.Event;
import dev.provision.provisioner.golden.Golden;
import dev.provision.provisioner.views.Palette;
import dev.provision.provisioner.views.Samples;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What was done can be read again, whatever became of the file and of who wrote it. */
class JournalTest {

    private static final InstantSource CLOCK = InstantSource.fixed(Instant.parse("2026-11-22T04:05:06.789Z"));
    private static final Event BOOT = new Event.StepStarted("db", new Step.Stop());

    @TempDir
    private Path folder = Path.of("");

    private Path path() {
        return folder.resolve("fleet/journal.jsonl");
    }

    private Path before() {
        return folder.resolve("fleet/journal.jsonl.1");
    }

    private Journal open() {
        return Journal.open(path(), before(), "provision apply --yes", CLOCK);
    }

    private List<String> kinds() throws IOException {
        return JournalReader.read(path(), before()).entries().stream().map(JournalEntry::event).toList();
    }

    @Test
    void holdsEveryEventInOrder() throws IOException {
        try (Journal journal = open()) {
            Samples.events().forEach(journal);
            assertTrue(journal.failure().isEmpty());
        }
        String written = Files.readString(path())
                .replaceAll("\"run\":\"[0-9a-f]{8}\"", "\"run\":\"1a2b3c4d\"")
                .replaceAll("\"pid\":[0-9]+,\"processStarted\":\"[^\"]+\",\"processIdentity\":\"[^\"]+\"",
                        "\"pid\":42,\"processStarted\":\"2026-11-22T04:05:00Z\",\"processIdentity\":\"boot:7\"");
        Golden.check("journal.jsonl", written);
        assertEquals("rw-------",
                PosixFilePermissions.toString(Files.getPosixFilePermissions(path())));
    }

    /** The file was written by the version that made the format, and no flag writes it anew: whatever is written now, that is read. */
    @Test
    void readsWhatThisFormatEverWrote() throws IOException {
        JournalText text = new JournalText(Palette.of(false, Map.of(), StandardCharsets.UTF_8),
                ZoneOffset.UTC);
        StringWriter lines = new StringWriter();
        PrintWriter out = new PrintWriter(lines);
        JournalReader.Contents contents = JournalReader.read(Path.of("src/test/resources/journal/format-1.jsonl"));
        assertTrue(contents.entries().size() > 10);
        contents.entries().forEach(entry -> out.print(text.line(entry) + "\n"));
        assertEquals(0, contents.unreadable());
        Golden.check("journal-format-1.txt", lines.toString());
    }

    @Test
    void lineThatWasCutShortIsPassedOver() throws IOException {
        try (Journal journal = open()) {
            journal.accept(BOOT);
        }
        Files.writeString(path(), "{\"at\":\"2026-11-22T04:05:06.789Z\",\"run\":\"x\",\"event\":\"st",
                StandardOpenOption.APPEND);
        open().close();
        assertEquals(List.of("command-started", "step-started", "command-ended", "command-started", "command-ended"),
                kinds());
        assertEquals(1, JournalReader.read(path(), before()).unreadable());
    }

    @Test
    void rubbishIsPassedOver() throws IOException {
        Files.createDirectories(path().resolveSibling("."));
        Files.write(path(), new byte[]{(byte) 0xff, 0, '\n', '[', ']', '\n', '{', '}', '\n', '\n'});
        open().close();
        assertEquals(List.of("command-started", "command-ended"), kinds());
        assertEquals(3, JournalReader.read(path(), before()).unreadable());
    }

    @Test
    void largeJournalIsPutAside() throws IOException {
        open().close();
        Files.writeString(path(), "x".repeat(9 << 20) + "\n", StandardOpenOption.APPEND);
        open().close();
        assertTrue(Files.size(path()) < 1000);
        assertEquals(List.of("command-started", "command-ended", "command-started", "command-ended"), kinds());
    }

    @Test
    void oneCommandDoesNotFillTheDisk() throws IOException {
        Event wordy = new Event.Waiting("db", "x".repeat(1 << 20));
        try (Journal journal = open()) {
            for (int i = 0; i < 20; i++) {
                journal.accept(wordy);
                journal.accept(BOOT);
            }
            assertTrue(journal.failure().isEmpty());
        }
        assertTrue(Files.size(path()) + Files.size(before()) < 20 << 20);
        assertEquals("command-ended", kinds().getLast());
    }

    @Test
    void journalThatCannotBeWrittenStopsNothing() throws IOException {
        Files.createDirectories(path());
        try (Journal journal = open()) {
            journal.accept(BOOT);
            assertTrue(journal.failure().isPresent());
        }
    }

    @Test
    void interruptedThreadsWriteTheirLastWords() throws IOException {
        try (Journal journal = open()) {
            Thread.currentThread().interrupt();
            journal.accept(BOOT);
            assertTrue(Thread.interrupted());
            journal.accept(BOOT);
            assertTrue(journal.failure().isEmpty());
        }
        assertEquals(List.of("command-started", "step-started", "step-started", "command-ended"), kinds());
    }

    @Test
    void severalThreadsWriteWholeLines() throws IOException {
        try (Journal journal = open(); ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            IntStream.range(0, 50)
                    .forEach(_ -> threads.execute(() -> IntStream.range(0, 10).forEach(_ -> journal.accept(BOOT))));
        }
        assertEquals(502, kinds().size());
        assertEquals(0, JournalReader.read(path(), before()).unreadable());
    }

    @Test
    void tailTellsWhatIsNewAlsoWhenItWasPutAside() throws IOException {
        try (JournalTail tail = new JournalTail(path())) {
            assertEquals(List.of(), tail.next().entries());
            Journal first = open();
            first.accept(BOOT);
            assertEquals(2, tail.next().entries().size());
            assertEquals(0, tail.next().entries().size());
            first.close();
            Files.writeString(path(), "x".repeat(9 << 20) + "\n", StandardOpenOption.APPEND);
            Journal second = open();
            second.accept(BOOT);
            List<String> news = new ArrayList<>(tail.next().entries().stream().map(JournalEntry::event).toList());
            assertEquals(List.of("command-ended", "command-started", "step-started"), news);
            second.close();
        }
    }

    /** A journal that is put aside while it is read is in two files, and in one of them after the other. */
    @Test
    void whatWasWrittenIsReadAlsoWhileItIsPutAside() throws Exception {
        Files.createDirectories(path().resolveSibling("."));
        AtomicInteger written = new AtomicInteger();
        Thread writes = Thread.ofPlatform().start(() -> {
            for (int number = 1; number <= 100; number++) {
                String line = "{\"at\":\"2026-11-22T04:05:06Z\",\"event\":\"" + number + "\"}\n";
                assertDoesNotThrow(() -> {
                    if (Files.exists(path())) {
                        Files.move(path(), before(), StandardCopyOption.ATOMIC_MOVE);
                    }
                    Files.writeString(path(), line);
                });
                written.set(number);
                LockSupport.parkNanos(10_000_000); // what is put aside again and again cannot be read
            }
        });
        while (writes.isAlive()) {
            int least = written.get();
            assertTrue(least == 0 || kinds().stream().anyMatch(number -> Integer.parseInt(number) >= least),
                    () -> least + " is missing");
        }
        writes.join();
    }

    /** As the last command on a fleet does: it is gone with the fleet. */
    @Test
    void lastLinesAreToldAlsoWhenTheJournalIsRemoved() throws IOException {
        try (JournalTail tail = new JournalTail(path())) {
            Journal last = open();
            assertEquals(1, tail.next().entries().size());
            last.accept(BOOT);
            last.close();
            Files.delete(path());
            assertEquals(2, tail.next().entries().size(), "the step and the command's end");
            assertEquals(0, tail.next().entries().size());
            open().close();
            assertEquals(2, tail.next().entries().size(), "those of the next one");
        }
    }

    @Test
    void halfALineIsNoNewsYet() throws IOException {
        try (JournalTail tail = new JournalTail(path())) {
            open().close();
            assertEquals(2, tail.next().entries().size());
            String line = Files.readAllLines(path()).getFirst();
            Files.writeString(path(), line.substring(0, 20), StandardOpenOption.APPEND);
            assertEquals(0, tail.next().entries().size());
            Files.writeString(path(), line.substring(20) + "\n", StandardOpenOption.APPEND);
            assertEquals(1, tail.next().entries().size());
        }
    }

    private boolean isCutShort(String replaced, String by) throws IOException {
        String line = Files.readString(path());
        Files.writeString(path(), line.replaceAll(replaced, by));
        boolean isCutShort = CutShort.last(JournalReader.read(path()).entries()).isPresent();
        Files.writeString(path(), line);
        return isCutShort;
    }

    /** When a process started in the time of day is counted back from now: it moves when somebody sets the clock. */
    @Test
    void clockThatIsSetMakesNobodyDead() throws IOException {
        try (Journal journal = open()) {
            journal.accept(BOOT);
            assertFalse(isCutShort("\"processStarted\":\"[^\"]+\"", "\"processStarted\":\"1999-01-01T00:00:00Z\""));
            assertTrue(isCutShort("\"processIdentity\":\"[^\"]+\"", "\"processIdentity\":\"another boot:1\""));
        }
    }

    @Test
    void linesOfOlderVersionsAreJudgedByTheTimeOfDay() throws IOException {
        String older = ",\"processIdentity\":\"[^\"]+\"";
        try (Journal journal = open()) {
            journal.accept(BOOT);
            assertFalse(isCutShort(older, ""));
            assertTrue(isCutShort("\"processStarted\":\"[^\"]+\"" + older,
                    "\"processStarted\":\"1999-01-01T00:00:00Z\""));
        }
    }

    @Test
    void commandThatWasKilledIsTold() throws IOException {
        Journal journal = open();
        journal.accept(BOOT);
        journal.accept(new Event.StepStarted("web", new Step.DiscardOverlay()));
        journal.accept(new Event.StepDone("web", new Step.DiscardOverlay(), Duration.ofMillis(1)));
        assertTrue(CutShort.last(JournalReader.read(path()).entries()).isEmpty(), "this process is alive");
        // As another process wrote it, whose number was given to this one since.
        Files.writeString(path(), Files.readString(path())
                .replaceAll("\"processIdentity\":\"[^\"]+\"", "\"processIdentity\":\"another boot:1\""));
        CutShort cut = CutShort.last(JournalReader.read(path()).entries()).orElseThrow();
        assertEquals(Map.of("db", "stop"), cut.begun());
        assertEquals("`provision apply --yes` (pid " + ProcessHandle.current().pid()
                + ", since 2026-11-22T04:05:06.789Z) was cut short during stop of db", cut.sentence());
        journal.close();
        assertFalse(CutShort.last(JournalReader.read(path()).entries()).isPresent(), "it has come to its end");
    }
}
