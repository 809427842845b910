package dev.provision.planner.plan;

import java.util.Optional;

import dev.provision.planner.capacity.Share;

/** What a machine's memory costs that its limit does not show. */
final class MemoryNotes {

    private MemoryNotes() {}

    static Optional<String> of(MachineChange change) {
        return change.wanted()
                .filter(spec -> change.boots() && spec.resources().memory().takesBack())
                .map(spec -> "counts with " + Share.of(spec).memory()
                        + " of memory: with `memory.deflateOnOom` its guest takes back up to `memory.max` when it needs it");
    }
}
