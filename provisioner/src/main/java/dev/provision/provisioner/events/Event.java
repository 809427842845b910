package dev.provision.provisioner.events;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

import dev.provision.planner.plan.Step;
import dev.provision.schema.units.Durations;

/** Something that happened while a plan was executed. Emitted by several threads; a listener is called by one at a time. */
public sealed interface Event {

    /**
     * The run begins.
     *
     * @param machines
     *            names of the machines that something happens to, in the plan's order
     */
    record RunStarted(String fleet, List<String> machines) implements Event {
        public RunStarted {
            machines = List.copyOf(machines);
        }
    }

    /** A machine waits, for a dependency or for the resource pool. */
    record Waiting(String machine, String reason) implements Event {}

    /** A step begins. */
    record StepStarted(String machine, Step step) implements Event {}

    /** A step has reached what it promises. */
    record StepDone(String machine, Step step, Duration took) implements Event {}

    /**
     * A step failed for a reason that may pass, and is tried again.
     *
     * @param attempt
     *            how often it has been tried, from 1
     * @param pause
     *            until it is tried again
     */
    record Retrying(String machine, Step step, String reason, int attempt, Duration pause) implements Event {}

    /**
     * A batch job ended while the run was watching.
     *
     * @param exceeded
     *            the deadline that its guest ended it at; absent when it ended by itself
     */
    record JobEnded(String machine, int exitCode, Optional<Duration> exceeded) implements Event {

        /** One that ended by itself. */
        public JobEnded(String machine, int exitCode) {
            this(machine, exitCode, Optional.empty());
        }

        /** {@code ended with exit code 3}: what a job did. */
        public String how() {
            return exceeded.map(deadline -> "exceeded its deadline of " + Durations.format(deadline))
                    .orElse("ended with exit code " + exitCode);
        }
    }

    /** A machine has come to its end in this run. */
    record MachineEnded(String machine, Outcome outcome, Duration took) implements Event {}

    /** Something that was seen between two runs, of one machine; of the whole fleet when that is empty. */
    record Noticed(String machine, String what) implements Event {}

    /**
     * All is as the manifest wants it, and was not before, or was not known to be.
     *
     * @param running
     *            how many machines run
     */
    record Settled(int running) implements Event {}

    /** Something is not as the manifest wants it, and the watch goes on trying: what, one sentence each. */
    record Degraded(List<String> reasons) implements Event {
        public Degraded {
            reasons = List.copyOf(reasons);
        }
    }

    /** The run is over. */
    record RunEnded(Ledger ledger) implements Event {}
}
