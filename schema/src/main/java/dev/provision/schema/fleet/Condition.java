package dev.provision.schema.fleet;

import java.util.Locale;

/** What a dependency must have reached before its dependents may boot. */
public enum Condition {
    /** Its VMM runs. */
    STARTED,
    /** It reported ready. */
    READY,
    /** It is a batch job and ended with exit code 0. */
    COMPLETED;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
