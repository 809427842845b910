package dev.provision.provisioner.convergence;

import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

import dev.provision.provisioner.events.Event;

/**
 * Tells the listener what happens, one event at a time and nothing after the last one. A listener that fails is a view's
 * mistake: the machines go on, and the caller learns of it at the end.
 */
final class Announcer {

    private final Consumer<Event> listener;
    private @Nullable RuntimeException failure;
    private boolean over;

    Announcer(Consumer<Event> listener) {
        this.listener = listener;
    }

    synchronized void emit(Event event) {
        if (!over && failure == null) {
            tell(event);
        }
    }

    /** The last event, which is told also to a listener that failed before. */
    synchronized void end(Event.RunEnded event) {
        over = true;
        tell(event);
        if (failure != null) {
            throw failure;
        }
    }

    private void tell(Event event) {
        try {
            listener.accept(event);
        } catch (RuntimeException e) {
            failure = e;
        }
    }
}
