package dev.provision.provisioner.events;

import java.time.Duration;
import java.util.List;

import dev.provision.planner.plan.Step;

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

    /** A batch job ended while the run was watching. */
    record JobEnded(String machine, int exitCode) implements Event {}

    /** A machine has come to its end in this run. */
    record MachineEnded(String machine, Outcome outcome, Duration took) implements Event {}

    /** The run is over. */
    record RunEnded(Ledger ledger) implements Event {}
}
