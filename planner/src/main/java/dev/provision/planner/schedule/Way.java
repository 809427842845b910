package dev.provision.planner.schedule;

import java.util.ArrayList;
import java.util.List;

import dev.provision.planner.capacity.Share;
import dev.provision.planner.schedule.Demand.Kind;
import dev.provision.schema.fleet.Condition;

/** One machine on its way. */
final class Way {
    final Demand demand;
    Share held;
    /** How much must still happen before it stands in the queue; the beginning is one of it. */
    int awaited = 1;
    boolean admitted;
    boolean ended;
    long endsAt;
    /** It waits for the end of what is no job, or for one that does: there is no room that would help. */
    boolean inVain;
    final List<Dependent> dependents = new ArrayList<>();

    Way(Demand demand) {
        this.demand = demand;
        this.held = demand.held();
    }

    /** A job that runs and goes on running while it is changed ends by itself. */
    boolean isWatchedAlready() {
        return demand.kind() == Kind.CHANGES && demand.isRunning();
    }

    /** It could give something back although it waits: by a stop, or by a live change that also takes something. */
    boolean holdsTooMuch() {
        return switch (demand.kind()) {
            case BOOTS -> demand.stoppable() && !held.equals(Share.NOTHING);
            case CHANGES -> !held.minus(demand.wanted()).equals(Share.NOTHING);
            case KEPT, LEAVES -> false;
        };
    }

    /** One that waits until this one has come so far. */
    record Dependent(Way way, Condition condition) {}
}
