package dev.provision.planner.host;

import java.util.Set;

/**
 * A machine type that this host can boot now.
 *
 * @param meets
 *            what it has beyond what every machine type has
 */
public record Bootable(DriverCapabilities capabilities, Set<Need> meets) {

    public Bootable {
        meets = Set.copyOf(meets);
    }
}
