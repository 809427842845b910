package dev.provision.provisioner.journal;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.TreeMap;

/**
 * A command that was killed, or whose host went down, before it came to its end.
 *
 * @param command
 *            as a person typed it
 * @param begun
 *            what it was doing, by machine: such a step may be done, or half done
 */
public record CutShort(String command, Instant since, long pid, SequencedMap<String, String> begun) {

    /** The last command of a journal, unless that has ended by itself, or goes on. */
    public static Optional<CutShort> last(List<JournalEntry> entries) {
        Optional<JournalEntry> start = entries.reversed()
                .stream()
                .filter(entry -> entry.event().equals("command-started"))
                .findFirst();
        return start.flatMap(command -> {
            List<JournalEntry> its = entries.stream().filter(entry -> entry.run().equals(command.run())).toList();
            boolean ended = its.stream().anyMatch(entry -> entry.event().equals("command-ended"));
            return ended || Liveness.isAlive(command) ? Optional.empty()
                    : Optional
                            .of(new CutShort(command.text("command"), command.at(), command.json().path("pid").asLong(),
                                    begun(its)));
        });
    }

    private static SequencedMap<String, String> begun(List<JournalEntry> entries) {
        Map<String, String> open = new TreeMap<>();
        for (JournalEntry entry : entries) {
            entry.machine().ifPresent(machine -> {
                switch (entry.event()) {
                    case "step-started" -> open.put(machine, entry.text("step"));
                    case "step-done", "machine-ended" -> open.remove(machine);
                    default -> {
                        // Says nothing of a step.
                    }
                }
            });
        }
        return new LinkedHashMap<>(open);
    }

    /** In one sentence. */
    public String sentence() {
        String what = begun.isEmpty() ? " between two steps"
                : " during " + String.join(", ", begun.entrySet()
                        .stream()
                        .map(step -> step.getValue() + " of " + step.getKey())
                        .toList());
        return "`" + command + "` (pid " + pid + ", since " + since + ") was cut short" + what;
    }
}
