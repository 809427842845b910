package dev.provision.provisioner.plans;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import dev.provision.hypervisor.store.JsonFields;
import dev.provision.hypervisor.store.MalformedJsonException;
import dev.provision.planner.capacity.Share;
import dev.provision.planner.schedule.Booking;
import dev.provision.planner.schedule.Level;
import dev.provision.planner.schedule.Schedule;
import dev.provision.schema.units.ByteSize;
import dev.provision.schema.units.Cpus;
import dev.provision.schema.units.QuantityFormatException;

/** Reads who holds how much of the pool when. */
final class ScheduleReader {

    private ScheduleReader() {}

    static Schedule read(JsonFields json) throws MalformedJsonException {
        List<Booking> bookings = new ArrayList<>();
        for (JsonFields booking : json.objects("bookings")) {
            bookings.add(booking(booking));
        }
        List<Level> levels = new ArrayList<>();
        for (JsonFields level : json.objects("levels")) {
            levels.add(new Level(millis(level, "at"), share(level), (int) level.number("booting")));
            level.requireNoOthers();
        }
        Map<String, Integer> ranks = new HashMap<>();
        for (String machine : json.texts("order")) {
            ranks.put(machine, ranks.size());
        }
        Schedule schedule = new Schedule(bookings, levels, ranks, Set.copyOf(json.texts("stopFirst")),
                millis(json, "makespan"), json.text("basis"));
        json.requireNoOthers();
        return schedule;
    }

    private static Booking booking(JsonFields json) throws MalformedJsonException {
        Optional<Duration> until = json.numberOr("until", -1) == -1 ? Optional.empty()
                : Optional.of(millis(json, "until"));
        Booking booking = new Booking(json.text("machine"), share(json), json.flagOr("boots", false),
                millis(json, "from"), millis(json, "ready"), until);
        json.requireNoOthers();
        return booking;
    }

    private static Duration millis(JsonFields json, String name) throws MalformedJsonException {
        return Duration.ofMillis(json.number(name));
    }

    static Share share(JsonFields json) throws MalformedJsonException {
        try {
            String cpus = json.text("cpus");
            return new Share(cpus.equals("0") ? new Cpus(0) : Cpus.parse(cpus),
                    ByteSize.ofMib(json.number("memoryMiB")));
        } catch (QuantityFormatException e) {
            throw json.wrong("cpus", "a number of CPUs");
        }
    }
}
