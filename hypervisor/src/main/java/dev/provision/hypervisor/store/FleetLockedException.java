package dev.provision.hypervisor.store;

/** Another command changes the fleet now. */
public final class FleetLockedException extends Exception {
    private final String holder;

    FleetLockedException(String fleet, String holder) {
        super("another command changes fleet " + fleet + (holder.isEmpty() ? "" : ": " + holder));
        this.holder = holder;
    }

    /** Who, since when and with which command, in one line; empty when it has not written that yet. */
    public String holder() {
        return holder;
    }
}
