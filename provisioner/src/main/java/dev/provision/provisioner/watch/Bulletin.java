package dev.provision.provisioner.watch;

import java.util.List;
import java.util.function.Consumer;

import dev.provision.provisioner.events.Event;

/** Says how the fleet is: when that changes, and when more or fewer machines run. */
final class Bulletin {

    private final Consumer<Event> listener;
    private List<String> reasons = List.of();
    private int running = -1;

    Bulletin(Consumer<Event> listener) {
        this.listener = listener;
    }

    /** @param wrong why the fleet is not as wanted; empty when it is */
    void tell(List<String> wrong, int runningNow) {
        List<String> now = wrong.stream().distinct().toList();
        boolean first = running < 0;
        if (first || !now.equals(reasons) || (now.isEmpty() && runningNow != running)) {
            listener.accept(now.isEmpty() ? new Event.Settled(runningNow) : new Event.Degraded(now));
        }
        reasons = now;
        running = runningNow;
    }
}
