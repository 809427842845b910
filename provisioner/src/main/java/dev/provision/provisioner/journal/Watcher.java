package dev.provision.provisioner.journal;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

import dev.provision.provisioner.events.WatchStatus;

/** Reads from a journal who watches the fleet: the last command, as long as it is alive and is a watch. */
public final class Watcher {

    private static final String SETTLED = "settled";
    private static final String DEGRADED = "degraded";

    private Watcher() {}

    /** Empty when nobody watches. */
    public static Optional<WatchStatus> of(List<JournalEntry> entries) {
        return entries.reversed()
                .stream()
                .filter(entry -> entry.event().equals(Journal.STARTED))
                .findFirst()
                .filter(Liveness::isAlive)
                .flatMap(command -> status(command,
                        entries.stream().filter(entry -> entry.run().equals(command.run())).toList()));
    }

    private static Optional<WatchStatus> status(JournalEntry command, List<JournalEntry> its) {
        if (its.stream().anyMatch(entry -> entry.event().equals("command-ended"))) {
            return Optional.empty();
        }
        Optional<JournalEntry> last = its.reversed()
                .stream()
                .filter(entry -> entry.event().equals(SETTLED) || entry.event().equals(DEGRADED))
                .findFirst();
        boolean watches = List.of(command.text("command").split(" ")).contains("--watch");
        if (last.isEmpty() && !watches) {
            return Optional.empty();
        }
        WatchStatus.State state = last.map(entry -> WatchStatus.State.valueOf(entry.event().toUpperCase(Locale.ROOT)))
                .orElse(WatchStatus.State.CONVERGING);
        return Optional.of(new WatchStatus(command.json().path("pid").asLong(), command.text("command"),
                its.getFirst().at(), state, last.orElse(command).at(),
                last.map(entry -> entry.texts("reasons")).orElse(List.of())));
    }
}
