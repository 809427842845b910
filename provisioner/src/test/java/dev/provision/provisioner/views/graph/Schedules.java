package dev.provision.provisioner.views.graph;

import java.util.stream.Collectors;

import dev.provision.planner.schedule.Booking;
import dev.provision.planner.schedule.Schedule;

/** Schedules of machines with other names. */
final class Schedules {

    private Schedules() {}

    static Schedule renamed(Schedule schedule, String suffix) {
        return new Schedule(
                schedule.bookings()
                        .stream()
                        .map(booking -> new Booking(booking.machine() + suffix, booking.share(), booking.boots(),
                                booking.from(), booking.ready(), booking.until()))
                        .toList(),
                schedule.levels(),
                schedule.ranks()
                        .entrySet()
                        .stream()
                        .collect(Collectors.toMap(entry -> entry.getKey() + suffix, entry -> entry.getValue())),
                schedule.stopFirst(), schedule.makespan(), suffix);
    }
}
