package dev.provision.planner.schedule;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The boot plan: who is admitted when, if everything takes as long as estimated. What the executor takes from it are the
 * ranks and who stops first; the times are for people.
 *
 * @param bookings
 *            in the order of admission
 * @param levels
 *            from the beginning on, one for every instant at which something changes
 * @param ranks
 *            by machine; the lower is admitted the sooner where not everybody has room
 * @param stopFirst
 *            running machines that give back what they can before they wait, because others wait for it: those that boot
 *            again are stopped; of those that are changed live, what they will not hold any more counts as free
 * @param makespan
 *            until everything is as wanted and every job has ended
 * @param basis
 *            where the times come from
 */
public record Schedule(List<Booking> bookings, List<Level> levels, Map<String, Integer> ranks, Set<String> stopFirst,
        Duration makespan, String basis) {

    /** Nothing is admitted. */
    public static final Schedule EMPTY = new Schedule(List.of(), List.of(), Map.of(), Set.of(), Duration.ZERO, "");

    public Schedule {
        bookings = List.copyOf(bookings);
        levels = List.copyOf(levels);
        ranks = Map.copyOf(ranks);
        stopFirst = Set.copyOf(stopFirst);
    }

    /** Machines that are admitted at the same instant to boot. */
    public record Wave(Duration at, List<Booking> bookings, Level level) {
        public Wave {
            bookings = List.copyOf(bookings);
        }
    }

    /** The boots, by instant. */
    public List<Wave> waves() {
        SequencedMap<Duration, List<Booking>> byInstant = new LinkedHashMap<>();
        bookings.stream()
                .filter(Booking::boots)
                .forEach(booking -> byInstant.computeIfAbsent(booking.from(), _ -> new ArrayList<>()).add(booking));
        SequencedMap<Duration, Level> held = new LinkedHashMap<>();
        levels.forEach(level -> held.put(level.at(), level));
        List<Wave> waves = new ArrayList<>();
        byInstant.forEach((at, together) -> waves.add(new Wave(at, together, held.getOrDefault(at, levels.getLast()))));
        return waves;
    }

    /** The machines that stop first, by name. */
    public List<String> stopFirstByName() {
        return List.copyOf(new TreeSet<>(stopFirst));
    }

    /** As {@link #stopFirstByName}, without those that go on running. */
    public List<String> stoppedFirst() {
        Set<String> boots = bookings.stream().filter(Booking::boots).map(Booking::machine).collect(Collectors.toSet());
        return stopFirstByName().stream().filter(boots::contains).toList();
    }
}
