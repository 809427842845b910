package dev.provision.planner.diff;

/**
 * One field of a machine that will change.
 *
 * @param path
 *            {@code memory.limit}
 * @param before
 *            for people; {@code none} where there was nothing
 * @param reason
 *            why the change disturbs as much as it does; may be empty
 * @param milder
 *            what would have made it, or will make the next one, milder; may be empty
 */
public record FieldChange(String path, String before, String after, Disruption disruption, String reason,
        String milder) {}
