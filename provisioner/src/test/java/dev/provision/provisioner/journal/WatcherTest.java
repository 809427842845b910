package dev.provision.provisioner.journal;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.provision.provisioner.events.Event;
import dev.provision.provisioner.events.WatchStatus;

import static org.junit.jupiter.api.Assertions.assertEquals;

class WatcherTest {

    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05.678Z");
    private static final String COMMAND = "provision apply --watch --yes";

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    private Optional<WatchStatus> status() throws IOException {
        return Watcher.of(JournalReader.read(folder.resolve("journal"), folder.resolve("before")).entries());
    }

    private Journal journal(String command) {
        return Journal.open(folder.resolve("journal"), folder.resolve("before"), command, InstantSource.fixed(NOW));
    }

    private static WatchStatus is(WatchStatus.State state, List<String> reasons) {
        return new WatchStatus(ProcessHandle.current().pid(), COMMAND, NOW, state, NOW, reasons);
    }

    @Test
    void theLastWordOfALivingWatchIsItsState() throws IOException {
        assertEquals(Optional.empty(), status());
        try (Journal journal = journal(COMMAND)) {
            assertEquals(Optional.of(is(WatchStatus.State.CONVERGING, List.of())), status());
            journal.accept(new Event.Settled(3));
            assertEquals(Optional.of(is(WatchStatus.State.SETTLED, List.of())), status());
            journal.accept(new Event.Degraded(List.of("a waits")));
            journal.accept(new Event.Noticed("a", "dead"));
            assertEquals(Optional.of(is(WatchStatus.State.DEGRADED, List.of("a waits"))), status());
        }
        assertEquals(Optional.empty(), status(), "it has ended");
    }

    @Test
    void anotherCommandDoesNotWatch() throws IOException {
        try (Journal journal = journal("provision apply --yes")) {
            journal.accept(new Event.Noticed("a", "dead"));
            assertEquals(Optional.empty(), status());
        }
    }
}
