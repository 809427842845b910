package dev.provision.planner.schedule;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

import dev.provision.planner.capacity.Share;
import dev.provision.schema.fleet.Condition;

/**
 * What one machine asks of the resource pool.
 *
 * @param held
 *            what it holds before anything happens; nothing when it does not run
 * @param wanted
 *            what it holds afterwards; of a job: until it ends
 * @param job
 *            its command runs to completion
 * @param stoppable
 *            its change begins with a stop, so that it can be done before it waits for anything
 * @param dependsOn
 *            what must have been reached before it boots
 */
public record Demand(String machine, Kind kind, Share held, Share wanted, boolean job, boolean stoppable,
        SortedMap<String, Condition> dependsOn) {

    /** What happens to the machine. */
    public enum Kind {
        /** Nothing. */
        KEPT,
        /** It goes, before anything else happens. */
        LEAVES,
        /** It is changed while it runs, or stopped, or nothing but its record is written. */
        CHANGES,
        /** Its VMM is started, perhaps after another one was stopped. */
        BOOTS
    }

    public Demand {
        dependsOn = Collections.unmodifiableSortedMap(new TreeMap<>(dependsOn));
    }

    /** It holds something that its change ends or reduces, or that its boot replaces. */
    boolean isRunning() {
        return !held.equals(Share.NOTHING);
    }

    /** What it needs beyond what it holds. */
    public Share growth() {
        return wanted.minus(held);
    }

    /** What comes back once it is as wanted. */
    public Share shrinkage() {
        return held.minus(wanted);
    }
}
