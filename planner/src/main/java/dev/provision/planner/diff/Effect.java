package dev.provision.planner.diff;

/**
 * What a change of one field does.
 *
 * @param reason
 *            why it disturbs as much as it does; may be empty where it is live
 * @param milder
 *            what would have made it, or will make the next one, milder; may be empty
 */
record Effect(Disruption disruption, String reason, String milder) {

    static final Effect LIVE = live("");

    /** Of drift that is left alone: what nobody asked for costs nobody a restart. */
    static Effect keep(String reason) {
        return new Effect(Disruption.KEEP, reason, "");
    }

    static Effect live(String reason) {
        return new Effect(Disruption.LIVE, reason, "");
    }

    static Effect restart(String reason) {
        return new Effect(Disruption.RESTART, reason, "");
    }

    static Effect recreate(String reason) {
        return new Effect(Disruption.RECREATE, reason, "");
    }

    Effect milderBy(String advice) {
        return new Effect(disruption, reason, advice);
    }
}
