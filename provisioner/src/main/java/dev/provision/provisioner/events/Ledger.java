package dev.provision.provisioner.events;

import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.SequencedMap;

/**
 * What a run did to each machine.
 *
 * @param outcomes
 *            by machine, in the plan's order; one for every machine that something was to happen to
 */
public record Ledger(String fleet, SequencedMap<String, Outcome> outcomes, Duration took) {
    public Ledger {
        outcomes = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(outcomes));
    }

    /** Everything that was to be done was done. */
    public boolean isClean() {
        return outcomes.values().stream().allMatch(Outcome.Done.class::isInstance);
    }

    /** The same run again would skip the same machines. */
    public boolean needsAPerson() {
        return outcomes.values()
                .stream()
                .anyMatch(outcome -> outcome instanceof Outcome.Skipped skipped && !skipped.fix().isEmpty());
    }

    public long count(Class<? extends Outcome> kind) {
        return outcomes.values().stream().filter(kind::isInstance).count();
    }
}
