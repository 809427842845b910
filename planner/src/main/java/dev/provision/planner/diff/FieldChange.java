package dev.provision.planner.diff;

import java.util.Optional;

/**
 * One field of a machine that is not as wanted: what was last applied differs from what is wanted, what is really there
 * differs from what was last applied, or both. Values are for people; {@code none} where there is nothing.
 *
 * @param path
 *            {@code memory.limit}
 * @param before
 *            what was last applied
 * @param found
 *            what is really there, where that differs from {@code before}: drift
 * @param after
 *            what is wanted
 * @param reason
 *            why the change disturbs as much as it does; may be empty where it is live
 * @param milder
 *            what would have made it, or will make the next one, milder; may be empty
 */
public record FieldChange(String path, String before, Optional<String> found, String after, Disruption disruption,
        String reason, String milder) {

    /** A change of what is there as it was applied. */
    public FieldChange(String path, String before, String after, Disruption disruption, String reason,
            String milder) {
        this(path, before, Optional.empty(), after, disruption, reason, milder);
    }

    /** The same, where the machine boots anyway: nothing could have spared it that. */
    public FieldChange atBoot() {
        return disruption == Disruption.RESTART ? new FieldChange(path, before, found, after, disruption, reason, "")
                : this;
    }

    public boolean isDrift() {
        return found.isPresent();
    }

    /** What is really there is what is wanted already: a change that was cut short, or a person who was faster. */
    public boolean isThereAlready() {
        return found.filter(after::equals).isPresent();
    }
}
